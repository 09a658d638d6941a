/// A text that must not be printed: whatever describes, dumps or interpolates it shows dots.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let bytes: [UInt8]

    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// A secret that need not be a text.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The text itself, for the one place that sends it.
    public func reveal() -> String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes themselves, those of a text in UTF-8.
    public func revealBytes() -> [UInt8] { bytes }

    public var isEmpty: Bool { bytes.isEmpty }
    public var description: String { "•••" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
