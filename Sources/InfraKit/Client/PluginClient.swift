package import Core
internal import Foundation
package import HTTPClient

/// Speaks to a plugin over its socket, as InfraKit's clients do.
package struct PluginClient: Sendable {
    /// An error that the plugin answered with.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package let socketPath: String?
    private let url: String
    private let token: ListenToken?
    private let http: HTTPClient

    /// A plugin that listens on a Unix socket.
    package init(socketPath: String, http: HTTPClient) {
        self.socketPath = socketPath
        url = "http://rackpool/"
        token = nil
        self.http = http
    }

    /// A plugin that listens on TCP, at an address such as `tcp://127.0.0.1:24864`.
    /// - Parameter token: what it asks for, if it does.
    package init(address: String, token: ListenToken? = nil, http: HTTPClient) {
        socketPath = nil
        self.token = token
        url = "http://" + address.trimmingPrefix("tcp://") + "/"
        self.http = http
    }

    /// Calls a JSON-RPC method and returns its result.
    /// - Throws: ``Refusal`` with the plugin's message; `HTTPError` if the plugin is not there.
    package func call(
        _ method: String, _ params: JSON = [:], timeout: Duration = .seconds(15)
    ) async throws -> JSON {
        let body = try await answer(to: method, params, timeout: timeout)
        let answer = try JSON(parsing: body, maximumDepth: 200)
        if let result = answer["result"] { return result }
        throw Refusal(description: answer["error"]?["message"]?.string ?? "\(method): no result")
    }

    /// Calls a JSON-RPC method and returns the answer as it came: a result, or an error.
    /// - Throws: ``Refusal`` if it is not HTTP's 200; `HTTPError` if the plugin is not there.
    package func answer(
        to method: String, _ params: JSON = [:], timeout: Duration = .seconds(15)
    ) async throws -> [UInt8] {
        let request: JSON = [
            "jsonrpc": "2.0", "method": .string(method), "params": params, "id": 1,
        ]
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        headers["Authorization"] = token?.authorisation
        let response = try await http.send(
            HTTPRequest(
                method: "POST", url: url, headers: headers, body: request.encoded(),
                timeout: timeout, unixSocketPath: socketPath, maximumBodyBytes: 256 << 20))
        guard response.status != 401 else {
            throw Refusal(
                description: token == nil
                    ? "\(method): the plugin asks for its token: give --token-file, or set"
                        + " RACKPOOL_TOKEN_FILE"
                    : "\(method): the plugin has another token than the file")
        }
        guard response.status == 200 else {
            throw Refusal(description: "\(method): the plugin answered HTTP \(response.status)")
        }
        return response.body
    }
}
