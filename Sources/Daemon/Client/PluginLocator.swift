import ArgumentParser
import Foundation
import HTTPClient
import InfraKit

/// Which running plugin a command speaks to.
struct PluginLocator: ParsableArguments {
    @Option(help: "The running plugin's name.")
    var name = "rackpool"

    /// Runs a body with a client of the plugin; an error is told in a line, with exit code 1.
    func withClient(_ body: (PluginClient) async throws -> Void) async throws {
        let http = HTTPClient()
        defer { http.shutdown() }
        do {
            try await body(try client(http))
        } catch let error as HTTPError {
            throw failure(
                "no answer from \(PluginDirectory.path())/\(name): \(error); is rackpool running?"
                    + " Is --name right?")
        } catch let error as PluginClient.Refusal {
            throw failure("\(error)")
        }
    }

    private func client(_ http: HTTPClient) throws -> PluginClient {
        let path = "\(PluginDirectory.path())/\(name)"
        guard let address = try? String(contentsOfFile: path + ".listen", encoding: .utf8) else {
            return PluginClient(socketPath: path, http: http)
        }
        return PluginClient(address: address, http: http)
    }

    private func failure(_ message: String) -> ExitCode {
        FileHandle.standardError.write(Data("rackpool: \(message)\n".utf8))
        return ExitCode(1)
    }
}
