import ArgumentParser
import InfraKit
import Core
import Foundation

/// Looks deep at devices.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look at every part of the devices: drives, fans, power supplies, logs, …",
        discussion: """
            The running plugin looks, with at most one request in flight at a BMC; nothing is \
            changed and no instance is moved. A device takes up to some hundred requests.

            Ends with 0 if all is well or warns at the most, and with 1 if something is critical, \
            may be so unread, or a device could not be looked at.

            Examples:
              rackpool audit                              all of them
              rackpool audit 'r1u[01-20]'                 some of them
              rackpool audit --label rack=r1 --json       for a program
            """)

    @OptionGroup var selection: DeviceSelection

    @Option(
        help: ArgumentHelp(
            "How far back in the BMCs' logs. (default: since the claim, 24h to 30 days)"))
    var since: DurationArgument?

    @Option(help: "How many devices at one time.")
    var concurrency = 32

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var plugin: PluginLocator

    func validate() throws {
        guard (1...512).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): give a number from 1 to 512.")
        }
    }

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.Devices")
            let chosen = try selection.devices(in: answer).compactMap { $0["Name"]?.string }
            let audits = await audit(chosen, client)
            if json {
                let list = JSON.array(audits.map(\.json))
                Terminal.show(list)
            } else {
                for line in AuditTable.lines(audits) { Terminal.say(line) }
            }
            if audits.contains(where: \.isBad) { throw ExitCode(1) }
        }
    }

    /// The audits of all devices, in their order.
    private func audit(_ devices: [String], _ client: PluginClient) async -> [DeviceAudit] {
        let progress = DeviceProgress(count: devices.count)
        var audits: [String: DeviceAudit] = [:]
        await withTaskGroup(of: DeviceAudit.self) { group in
            var rest = devices[...]
            for _ in 0..<min(concurrency, devices.count) {
                guard let device = rest.popFirst() else { break }
                group.addTask { await audit(device, client) }
            }
            while let audit = await group.next() {
                audits[audit.device] = audit
                progress.show(audits.count)
                if let device = rest.popFirst() {
                    group.addTask { await self.audit(device, client) }
                }
            }
        }
        progress.end()
        return devices.compactMap { audits[$0] }
    }

    private func audit(_ device: String, _ client: PluginClient) async -> DeviceAudit {
        var params: JSONObject = ["Device": .string(device)]
        if let since { params["LookingBackSeconds"] = JSON(since.duration.components.seconds) }
        do {
            let report = try await client.call(
                "Rackpool.Audit", .object(params), timeout: .seconds(600))
            return DeviceAudit(device: device, outcome: .report(report))
        } catch {
            return DeviceAudit(device: device, outcome: .failure("\(error)"))
        }
    }
}
