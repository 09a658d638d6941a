internal import Core
internal import NIOCore
internal import NIOHTTP1

/// A request that a simulated BMC received.
public struct SimulatedRequest: Sendable {
    /// The BMC's number in its rack, from 0.
    public let bmc: Int
    /// `GET`, `PATCH`, …
    public let method: String
    /// The path without the query, as the client wrote it.
    public let path: String
    /// What follows the `?`.
    public let query: String?

    let headers: HTTPHeaders
    let bodyBuffer: ByteBuffer?

    init(bmc: Int, head: HTTPRequestHead, body: ByteBuffer?) {
        self.bmc = bmc
        method = head.method.rawValue
        headers = head.headers
        bodyBuffer = body
        if let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(head.uri[..<mark])
            query = String(head.uri[head.uri.index(after: mark)...])
        } else {
            path = head.uri
            query = nil
        }
    }

    /// The body's bytes.
    public var body: [UInt8] {
        bodyBuffer.map { Array($0.readableBytesView) } ?? []
    }

    /// The first header of that name, in any case.
    public func header(_ name: String) -> String? {
        headers.first(name: name)
    }

    /// The body as a JSON object.
    func object() throws(Refusal) -> JSONObject {
        guard let object = (try? JSON(parsing: body))?.object else { throw .malformedJSON }
        return object
    }
}
