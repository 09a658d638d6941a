import ArgumentParser
import Core
import Foundation
import HTTPClient
import IPMI
import Logging
import Redfish

/// Shows what is understood of a BMC.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is understood of a BMC, and what is not. It changes nothing.",
        discussion: """
            Ends with 0 if the BMC can be used, with 1 if it was not reached or lets nobody in, and \
            with 2 if it answers but lacks something that Rackpool needs.

            Examples:
              rackpool inspect https://10.0.1.7 --username admin --password-file bmc.password
              rackpool inspect https://10.0.1.7 --username admin --password-env PW --ca ca.pem
              rackpool inspect https://10.0.1.7 --username admin --password-env PW --system Node0
              rackpool inspect ipmi://10.0.1.7             how to log in there
              rackpool inspect ipmi://10.0.1.7 --username admin --password-file bmc.password
            """)

    @OptionGroup var bmc: BMCArguments

    @Option(help: "Just this system, by its id or name.")
    var system: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var ipmi: IPMIArguments

    @Option(help: "IPMI: how many entries of the event log to show, the newest.")
    var entries = 10

    func validate() throws {
        guard (0...1000).contains(entries) else {
            throw ValidationError("--entries \(entries): give a number from 0 to 1000.")
        }
    }

    func run() async throws {
        let device = try bmc.device(system: system, ipmi: ipmi)
        if device.provider == "ipmi" {
            try await inspectOverIPMI(device)
        } else {
            try await inspectOverRedfish(device)
        }
    }

    private func inspectOverRedfish(_ device: Device) async throws {
        let http = HTTPClient()
        defer { http.shutdown() }
        let provider = RedfishProvider(
            http: http, logger: Logger(label: "inspect") { _ in SwiftLogNoOpLogHandler() })
        let outcome: Result<RedfishInspection, ProviderError>
        do throws(ProviderError) {
            outcome = .success(try await provider.inspect(device))
        } catch {
            outcome = .failure(error)
        }
        await provider.shutdown()
        let inspection = try told(outcome, of: device)
        show(inspection.lines, inspection.json)
        if !inspection.isUsable { throw ExitCode(2) }
    }

    private func inspectOverIPMI(_ device: Device) async throws {
        let provider = IPMIProvider(
            logger: Logger(label: "inspect") { _ in SwiftLogNoOpLogHandler() })
        let outcome: Result<IPMIInspection, ProviderError>
        do throws(ProviderError) {
            outcome = .success(try await provider.inspect(device, entries: entries))
        } catch {
            outcome = .failure(error)
        }
        await provider.shutdown()
        let inspection = try told(outcome, of: device)
        show(inspection.lines, inspection.json)
        if inspection.failure != nil { throw ExitCode(1) }
        if !inspection.isUsable { throw ExitCode(2) }
    }

    private func told<Inspection>(
        _ outcome: Result<Inspection, ProviderError>, of device: Device
    ) throws -> Inspection {
        do {
            return try outcome.get()
        } catch {
            Terminal.complain("\(device.bmc): \(error)")
            throw ExitCode(1)
        }
    }

    private func show(_ lines: [String], _ json: JSON) {
        if self.json {
            Terminal.show(json)
        } else {
            for line in lines { Terminal.say(line) }
        }
    }
}
