internal import IPMIWire
internal import NIOCore

extension WireValue {
    /// The value that begins with the first of `bytes`.
    init(bytes: some Sequence<UInt8>) throws(IPMIWireError) {
        var buffer = ByteBuffer(bytes: bytes)
        self = try Self.read(from: &buffer)
    }
}

extension IPMIWireError {
    /// `its text is cut short`
    var reason: String {
        switch self {
        case .truncated(let field): "it ends before its \(field)"
        case .invalid(let field): "its \(field) can't be"
        case .notAuthentic(let field): "its \(field) is wrong"
        }
    }
}
