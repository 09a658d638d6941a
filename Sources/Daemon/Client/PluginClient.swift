import Core
import Foundation
import HTTPClient

/// Speaks to a plugin over its socket, as InfraKit's clients do.
struct PluginClient: Sendable {
    /// An error that the plugin answered with.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    let socketPath: String?
    private let url: String
    private let http: HTTPClient

    /// A plugin that listens on a Unix socket.
    init(socketPath: String, http: HTTPClient) {
        self.socketPath = socketPath
        url = "http://rackpool/"
        self.http = http
    }

    /// A plugin that listens on TCP, at an address such as `tcp://127.0.0.1:24864`.
    init(address: String, http: HTTPClient) {
        socketPath = nil
        url = "http://" + address.trimmingPrefix("tcp://") + "/"
        self.http = http
    }

    /// Calls a JSON-RPC method and returns its result.
    /// - Throws: ``Refusal`` with the plugin's message; `HTTPError` if the plugin is not there.
    func call(_ method: String, _ params: JSON = [:], timeout: Duration = .seconds(15)) async throws
        -> JSON
    {
        let request: JSON = [
            "jsonrpc": "2.0", "method": .string(method), "params": params, "id": 1,
        ]
        let response = try await http.send(
            HTTPRequest(
                method: "POST", url: url,
                headers: ["Content-Type": "application/json"], body: request.encoded(),
                timeout: timeout, unixSocketPath: socketPath, maximumBodyBytes: 256 << 20))
        guard response.status == 200 else {
            throw Refusal(description: "\(method): the plugin answered HTTP \(response.status)")
        }
        let answer = try JSON(parsing: response.body, maximumDepth: 200)
        if let result = answer["result"] { return result }
        throw Refusal(description: answer["error"]?["message"]?.string ?? "\(method): no result")
    }
}
