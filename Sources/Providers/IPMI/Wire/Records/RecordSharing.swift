package import NIOCore

/// How one record stands for several sensors that follow each other (IPMI v2.0 43.2 bytes 24 and 25,
/// 43.3 bytes 13 and 14).
package struct RecordSharing: WireValue {
    /// Input or output; meaningless for thresholds.
    package var direction: UInt8
    /// Whether the sensors are told apart by letters rather than by numbers.
    package var usesLetters: Bool
    /// How many sensors there are; 0 and 1 are one.
    package var count: UInt8
    /// Whether each sensor belongs to the next instance of the entity, rather than all to one.
    package var incrementsInstance: Bool
    /// The number or letter of the first sensor.
    package var nameOffset: UInt8

    package init(
        direction: UInt8 = 0, usesLetters: Bool = false, count: UInt8 = 1,
        incrementsInstance: Bool = false, nameOffset: UInt8 = 0
    ) {
        self.direction = direction
        self.usesLetters = usesLetters
        self.count = count
        self.incrementsInstance = incrementsInstance
        self.nameOffset = nameOffset
    }

    /// What follows the record's name for its sensor `index`; nothing if it has just one.
    package func suffix(_ index: UInt8) -> String {
        guard count > 1 else { return "" }
        let number = Int(nameOffset) + Int(index)
        guard usesLetters else { return String(number) }
        let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(number % 26)))
        return number < 26
            ? last : String(UnicodeScalar(UInt8(ascii: "A") + UInt8((number / 26 - 1) % 26))) + last
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RecordSharing {
        let first = try buffer.take("record sharing", as: UInt8.self)
        let second = try buffer.take("record sharing", as: UInt8.self)
        return RecordSharing(
            direction: first >> 6, usesLetters: first & 0x30 == 0x10, count: first & 0x0F,
            incrementsInstance: second & 0x80 != 0, nameOffset: second & 0x7F)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(direction << 6 | (usesLetters ? 0x10 : 0) | count & 0x0F)
        buffer.put((incrementsInstance ? 0x80 : 0) | nameOffset & 0x7F)
    }
}
