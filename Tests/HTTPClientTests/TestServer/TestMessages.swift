/// A request as the server read it.
public struct TestRequest: Sendable {
    /// The number of the connection, from 1 in the order of their acceptance.
    public let connection: Int
    public let method: String
    public let path: String
    /// Names in lower case; of a repeated one the last value.
    public let headers: [String: String]
    public let body: [UInt8]
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// What the server does about a request.
public enum TestReply: Sendable {
    /// Sends the bytes as they are.
    case bytes([UInt8], close: Bool)
    /// Nothing, until ``TestServer/answerHeld(_:)``.
    case hold
    /// The same, and then an answer of its own.
    indirect case holdFor(TestReply)
    /// Sends the bytes and then nothing, as ``hold`` does: the beginning of an answer.
    case begin([UInt8])
    /// Sends the bytes and resets the connection: what the client has not read yet may be lost.
    case reset([UInt8])
    /// Closes the connection without a byte.
    case close

    /// A well-formed answer.
    public static func answer(
        _ status: Int = 200, _ body: String = "", headers: [String: String] = [:],
        close: Bool = false
    ) -> TestReply {
        .answer(status, bytes: Array(body.utf8), headers: headers, close: close)
    }

    public static func answer(
        _ status: Int = 200, bytes: [UInt8], headers: [String: String] = [:], close: Bool = false
    ) -> TestReply {
        var head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(bytes.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return .bytes(Array((head + "\r\n").utf8) + bytes, close: close)
    }

    public static func raw(_ text: String, close: Bool = false) -> TestReply {
        .bytes(Array(text.utf8), close: close)
    }
}
