import ArgumentParser
import Core
import Foundation
import HTTPClient
import Logging
import Redfish

/// Shows what is understood of a BMC.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is understood of a BMC, and what is not. It changes nothing.",
        discussion: """
            Ends with 0 if the BMC can be used, with 1 if it was not reached or lets nobody in, and
            with 2 if it answers but lacks something that Rackpool needs.

            Examples:
              rackpool inspect https://10.0.1.7 --username admin --password-file bmc.password
              rackpool inspect https://10.0.1.7 --username admin --password-env PW --ca ca.pem
              rackpool inspect https://10.0.1.7 --username admin --password-env PW --system Node0
            """)

    @OptionGroup var bmc: BMCArguments

    @Option(help: "Just this system, by its id or name.")
    var system: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let device = try bmc.device(system: system)
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
        switch outcome {
        case .success(let inspection):
            if json {
                print(String(decoding: inspection.json.encoded(.indented), as: UTF8.self))
            } else {
                for line in inspection.lines { print(line) }
            }
            if !inspection.isUsable { throw ExitCode(2) }
        case .failure(let error):
            FileHandle.standardError.write(Data("rackpool: \(device.bmc): \(error)\n".utf8))
            throw ExitCode(1)
        }
    }
}
