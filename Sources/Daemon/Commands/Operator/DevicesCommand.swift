import ArgumentParser
import InfraKit
import Core

/// Lists the devices.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "List the devices and what is known of each.",
        discussion: """
            Examples:
              rackpool devices                           all of them
              rackpool devices 'r1u[01-20]'              some of them
              rackpool devices --pool nonFunctional      what is broken, and why
              rackpool devices --group workers --label rack=r1 --json
            """)

    @OptionGroup var selection: DeviceSelection

    @Option(help: "Only devices in this array: available, active or nonFunctional.")
    var pool: DeviceStatus.Array?

    @Option(help: "Only devices of this health: ok, warning, critical, unreachable or refused.")
    var health: Health?

    @Option(help: "Only devices of instances of this group.")
    var group: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.Devices")
            let chosen = try selection.devices(in: answer).filter(isChosen)
            if json {
                Terminal.show(.array(chosen))
                return
            }
            if let frozen = answer["Frozen"], !frozen.isNull {
                Terminal.say(FreezeNotice.text(frozen))
            }
            for notice in DeviceNotices.lines(answer) { Terminal.say(notice) }
            for line in TextTable.lines([Self.titles] + chosen.map(Self.row)) { Terminal.say(line) }
        }
    }

    private func isChosen(_ device: JSON) -> Bool {
        let isOf = { (key: String, value: String?) in
            value.map { device[key]?.string == $0 } ?? true
        }
        return isOf("Pool", pool?.rawValue) && isOf("Health", health?.rawValue)
            && isOf("Group", group)
    }

    private static let titles = [
        "DEVICE", "LABELS", "POOL", "STATE", "POWER", "HEALTH", "INSTANCE", "GROUP", "LAST SEEN",
        "REASON",
    ]

    private static func row(_ device: JSON) -> [String] {
        let text = { (key: String) in device[key]?.string ?? "-" }
        let labels = (device["Labels"]?.object ?? [:])
            .map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        var pool = text("Pool")
        if device["Cordoned"]?.bool == true { pool += ",cordoned" }
        if device["Foreign"]?.bool == true { pool += ",foreign" }
        return [
            text("Name"), labels.isEmpty ? "-" : labels, pool, text("State"), text("Power"),
            text("Health"), text("Instance"), text("Group"), text("LastSeen"),
            device["Reasons"]?[0]?.string ?? "-",
        ]
    }
}
