import ArgumentParser
import Foundation
import HTTPClient
import InfraKit

/// Which running plugin a command speaks to.
struct PluginLocator: ParsableArguments {
    @Option(help: "The running plugin's name.")
    var name = "rackpool"

    @Option(
        help: ArgumentHelp(
            "The file with the token that a plugin on TCP asks for. (default: $RACKPOOL_TOKEN_FILE)",
            valueName: "file"))
    var tokenFile: String?

    /// Runs a body with a client of the plugin; an error is told in a line, with exit code 1.
    func withClient(_ body: (PluginClient) async throws -> Void) async throws {
        let http = HTTPClient()
        defer { http.shutdown() }
        do {
            try await body(try client(http))
        } catch let error as HTTPError {
            throw failure(
                "no answer from \(place): \(error); is rackpool running?"
                    + " Is --name right?")
        } catch let error as PluginClient.Refusal {
            throw failure("\(error)")
        } catch let error as ListenTokenError {
            throw failure("\(error)")
        }
    }

    /// A client of the plugin, whether it runs or not.
    func client(_ http: HTTPClient) throws -> PluginClient {
        let path = place
        guard let address = try? String(contentsOfFile: path + ".listen", encoding: .utf8) else {
            return PluginClient(socketPath: path, http: http)
        }
        let given = tokenFile ?? ProcessInfo.processInfo.environment["RACKPOOL_TOKEN_FILE"]
        let token = try given.flatMap { $0.isEmpty ? nil : $0 }.map { try ListenToken(file: $0) }
        return PluginClient(address: address, token: token, http: http)
    }

    /// Where the plugin listens.
    var place: String { "\(PluginDirectory.path())/\(name)" }

    private func failure(_ message: String) -> ExitCode {
        Terminal.complain(message)
        return ExitCode(1)
    }
}
