package import NIOCore

/// A sensor without numbers, or several alike (IPMI v2.0 43.2; record type 0x02).
package struct CompactSensorRecord: WireValue {
    package var head: SensorHead
    package var sharing: RecordSharing
    package var positiveHysteresis: UInt8
    package var negativeHysteresis: UInt8
    package var oem: UInt8
    package var name: PackedText

    package init(
        head: SensorHead, sharing: RecordSharing = RecordSharing(), positiveHysteresis: UInt8 = 0,
        negativeHysteresis: UInt8 = 0, oem: UInt8 = 0, name: PackedText
    ) {
        self.head = head
        self.sharing = sharing
        self.positiveHysteresis = positiveHysteresis
        self.negativeHysteresis = negativeHysteresis
        self.oem = oem
        self.name = name
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> CompactSensorRecord {
        let head = try SensorHead.read(from: &buffer)
        let sharing = try RecordSharing.read(from: &buffer)
        let bytes = try buffer.takeBytes("hysteresis", count: 6)
        return CompactSensorRecord(
            head: head, sharing: sharing, positiveHysteresis: bytes[0],
            negativeHysteresis: bytes[1], oem: bytes[5], name: try PackedText.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        head.write(into: &buffer)
        sharing.write(into: &buffer)
        buffer.writeBytes([positiveHysteresis, negativeHysteresis, 0, 0, 0, oem])
        name.write(into: &buffer)
    }
}
