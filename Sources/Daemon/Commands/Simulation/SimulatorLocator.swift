import ArgumentParser
import Core
import HTTPClient
import InfraKit

/// Which running simulator a command speaks to.
struct SimulatorLocator: ParsableArguments {
    static let usualName = "simulator"

    @Option(help: "The simulator's name, that of its control socket in the plugin directory.")
    var name = usualName

    /// Calls a method of the running simulator; an error is told in a line, with exit code 1.
    func call(_ method: String, _ params: JSON) async throws -> JSON {
        let http = HTTPClient()
        defer { http.shutdown() }
        let path = "\(PluginDirectory.path())/\(name)"
        do {
            return try await PluginClient(socketPath: path, http: http).call(method, params)
        } catch let error as HTTPError {
            Terminal.complain(
                "no answer from \(path): \(error); is rackpool simulate running? Is --name right?")
        } catch let error as PluginClient.Refusal {
            Terminal.complain("\(error)")
        }
        throw ExitCode(1)
    }
}
