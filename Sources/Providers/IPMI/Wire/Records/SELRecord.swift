package import NIOCore

/// An entry of the event log: 16 bytes (IPMI v2.0 32).
package struct SELRecord: WireValue {
    package enum Body: Hashable, Sendable {
        case event(SystemEvent)
        /// A vendor's own, types 0xC0 to 0xDF: 6 bytes (32.2). The manufacturer is its IANA
        /// enterprise number.
        case timestamped(type: UInt8, time: IPMITimestamp, manufacturer: UInt32, data: [UInt8])
        /// A vendor's own, types 0xE0 to 0xFF, or of a type that the specification does not know: 13
        /// bytes (32.3).
        case other(type: UInt8, data: [UInt8])
    }

    package var id: UInt16
    package var body: Body

    package init(id: UInt16, body: Body) {
        self.id = id
        self.body = body
    }

    /// When it was made; nil for one without time.
    package var time: IPMITimestamp? {
        switch body {
        case .event(let event): event.time
        case .timestamped(_, let time, _, _): time
        case .other: nil
        }
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> SELRecord {
        let id = try buffer.take("SEL record ID", as: UInt16.self)
        let type = try buffer.take("SEL record type", as: UInt8.self)
        switch type {
        case 0x02:
            return SELRecord(id: id, body: .event(try SystemEvent.read(from: &buffer)))
        case 0xC0...0xDF:
            let time = IPMITimestamp(rawValue: try buffer.take("event time"))
            let maker = try buffer.takeBytes("manufacturer", count: 3)
            let number = UInt32(maker[0]) | UInt32(maker[1]) << 8 | UInt32(maker[2]) << 16
            return SELRecord(
                id: id,
                body: .timestamped(
                    type: type, time: time, manufacturer: number,
                    data: try buffer.takeBytes("OEM data", count: 6)))
        default:
            return SELRecord(
                id: id,
                body: .other(type: type, data: try buffer.takeBytes("OEM data", count: 13)))
        }
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(id)
        switch body {
        case .event(let event):
            buffer.put(UInt8(0x02))
            event.write(into: &buffer)
        case .timestamped(let type, let time, let manufacturer, let data):
            buffer.put(type)
            buffer.put(time.rawValue)
            for shift in [0, 8, 16] {
                buffer.put(UInt8(truncatingIfNeeded: manufacturer >> UInt32(shift)))
            }
            buffer.writeBytes(data)
        case .other(let type, let data):
            buffer.put(type)
            buffer.writeBytes(data)
        }
    }
}
