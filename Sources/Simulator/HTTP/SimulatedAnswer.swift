public import Core
internal import NIOCore

/// What a simulated BMC answers.
public struct SimulatedAnswer: Sendable {
    /// The HTTP status code.
    public var status: Int
    /// Headers beyond those that every answer has.
    public var headers: [(name: String, value: String)]

    var bodyBuffer: ByteBuffer?
    /// Whether events follow, in an answer without end.
    var opensEventStream = false

    /// An answer with a JSON body, or without a body.
    public init(
        status: Int, headers: [(name: String, value: String)] = [], json: JSON? = nil
    ) {
        self.init(
            status: status, headers: headers,
            bodyBuffer: json.map { ByteBuffer(bytes: $0.encoded()) })
    }

    /// An answer with any bytes as its body; it still says that they are JSON.
    public init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.init(status: status, headers: headers, bodyBuffer: ByteBuffer(bytes: body))
    }

    init(status: Int, headers: [(name: String, value: String)], bodyBuffer: ByteBuffer?) {
        self.status = status
        self.headers = headers
        self.bodyBuffer = bodyBuffer
    }

    /// The body's bytes.
    public var body: [UInt8] {
        bodyBuffer.map { Array($0.readableBytesView) } ?? []
    }
}
