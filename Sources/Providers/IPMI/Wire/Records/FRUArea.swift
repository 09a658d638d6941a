internal import NIOCore

/// What chassis, board and product areas have in common (Platform Management FRU Information Storage
/// Definition 1.0, 10 to 12): a few fixed bytes, then texts until the end mark, then padding and a
/// checksum.
struct FRUArea: Hashable, Sendable {
    /// What precedes the texts, after version and length.
    var fixed: [UInt8]
    var fields: [PackedText]
    var hasValidChecksum: Bool

    /// The text of field `index`; nil if it is not there or says nothing.
    func text(_ index: Int) -> String? {
        guard fields.indices.contains(index) else { return nil }
        let text = fields[index].text
        return text.isEmpty ? nil : text
    }

    /// The texts that are there from field `index` on.
    func texts(from index: Int) -> [String] {
        fields.dropFirst(index).map(\.text).filter { !$0.isEmpty }
    }

    /// Takes as many bytes as the area says that it is long, or all if there are fewer. Fields that
    /// run past its end are left out, and so is the need for an end mark.
    static func read(
        from buffer: inout ByteBuffer, fixedCount: Int
    ) throws(IPMIWireError) -> FRUArea {
        let version = try buffer.take("FRU area version", as: UInt8.self)
        guard version & 0x0F == 1 else { throw .invalid("FRU area version") }
        let units = try buffer.take("FRU area length", as: UInt8.self)
        guard units > 0 else { throw .invalid("FRU area length") }
        let rest = try buffer.takeBytes(
            "FRU area", count: min(Int(units) * 8 - 2, buffer.readableBytes))
        var body = ByteBuffer(bytes: rest)
        let fixed = try body.takeBytes("FRU area", count: fixedCount)
        var fields: [PackedText] = []
        while let head = body.getInteger(at: body.readerIndex, as: UInt8.self),
            head != PackedText.endOfFields, body.readableBytes > Int(head & 0x3F)
        {
            fields.append(try PackedText.read(from: &body))
        }
        return FRUArea(
            fixed: fixed, fields: fields, hasValidChecksum: checksum([version, units] + rest) == 0)
    }

    func write(into buffer: inout ByteBuffer) {
        var body = ByteBuffer(bytes: fixed)
        for field in fields { field.write(into: &body) }
        body.put(PackedText.endOfFields)
        let units = min((body.readableBytes + 3 + 7) / 8, Int(UInt8.max))
        var bytes = [1, UInt8(units)] + body.unread
        bytes += Array(repeating: 0, count: max(0, units * 8 - 1 - bytes.count))
        buffer.writeBytes(bytes + [checksum(bytes)])
    }

    static func packed(_ texts: [String?]) -> [PackedText] {
        texts.map { text in
            text.map { PackedText($0) } ?? PackedText(encoding: .latin1, bytes: [])
        }
    }
}

extension WireValue {
    /// The value's bytes.
    package var wireBytes: [UInt8] {
        var buffer = ByteBuffer()
        write(into: &buffer)
        return buffer.unread
    }
}
