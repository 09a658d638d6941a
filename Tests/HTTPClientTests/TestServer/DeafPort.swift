import Glibc

/// A port of 127.0.0.1 that refuses connections for as long as this exists.
public final class DeafPort: Sendable {
    public let number: UInt16
    private let descriptor: CInt

    public init() throws {
        (descriptor, number) = try Listener.bindToLoopback()
    }

    deinit { close(descriptor) }
}
