internal import Core
internal import NIOCore

/// A resource's text, encoded once for all BMCs, with holes for what is a BMC's own.
struct ResourceTemplate: Sendable {
    /// The text around the holes; one more than there are slots.
    private let segments: [ByteBuffer]
    let slots: [Slot]

    /// A template of `json`, in which ``placeholder(_:)`` number n stands for `slots[n]`.
    init(_ json: JSON, slots: [Slot]) {
        var rest = json.encoded()[...]
        var segments: [ByteBuffer] = []
        var filled: [Slot] = []
        // The slots appear in the text in the order in which the resource was walked, which is the
        // order in which they were numbered.
        for (number, slot) in slots.enumerated() {
            let hole = JSON.string(Self.placeholder(number)).encoded()
            guard let range = rest.firstRange(of: hole) else { continue }
            segments.append(ByteBuffer(bytes: rest[..<range.lowerBound]))
            filled.append(slot)
            rest = rest[range.upperBound...]
        }
        segments.append(ByteBuffer(bytes: rest))
        self.segments = segments
        self.slots = filled
    }

    /// The string that stands for slot `number`. U+E000 is of the private-use area, so that no
    /// recorded text holds it.
    static func placeholder(_ number: Int) -> String {
        "\u{E000}slot \(number)\u{E000}"
    }

    /// The text with `value` in the holes; without holes, shared storage and no copy.
    func rendered(_ value: (Slot) -> JSON) -> ByteBuffer {
        if slots.isEmpty { return segments[0] }
        var filled: [UInt8] = []
        filled.reserveCapacity(segments.reduce(0) { $0 + $1.readableBytes } + 512)
        for (segment, slot) in zip(segments, slots) {
            filled.append(contentsOf: segment.readableBytesView)
            value(slot).encode(into: &filled)
        }
        filled.append(contentsOf: segments[slots.count].readableBytesView)
        return ByteBuffer(bytes: filled)
    }
}
