package import NIOCore

/// A record of the SDR repository (IPMI v2.0 43).
package struct SensorDataRecord: WireValue {
    /// What a record tells of.
    package enum Body: Hashable, Sendable {
        case full(FullSensorRecord)
        case compact(CompactSensorRecord)
        case eventOnly(EventOnlyRecord)
        case fruLocator(FRULocatorRecord)
        case controllerLocator(ControllerLocatorRecord)
        /// Of another type, with what follows the header.
        case other(type: UInt8, bytes: [UInt8])
    }

    /// How long the header is, in bytes.
    package static let headerLength = 5

    /// Its ID in the repository, which changes with the repository.
    package var id: UInt16
    /// The version of its layout, BCD with the digits swapped: 0x51 is 1.5 and 2.0.
    package var version: UInt8
    package var body: Body

    package init(id: UInt16, version: UInt8 = 0x51, body: Body) {
        self.id = id
        self.version = version
        self.body = body
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> SensorDataRecord {
        let id = try buffer.take("SDR record ID", as: UInt16.self)
        let version = try buffer.take("SDR version", as: UInt8.self)
        let type = try buffer.take("SDR type", as: UInt8.self)
        let length = try buffer.take("SDR length", as: UInt8.self)
        var rest = ByteBuffer(bytes: try buffer.takeBytes("SDR body", count: Int(length)))
        return SensorDataRecord(
            id: id, version: version, body: try Body.read(type: type, from: &rest))
    }

    package func write(into buffer: inout ByteBuffer) {
        let bytes = body.bytes
        buffer.put(id)
        buffer.put(version)
        buffer.put(body.type)
        buffer.put(UInt8(clamping: bytes.count))
        buffer.writeBytes(bytes)
    }
}

extension SensorDataRecord.Body {
    /// The record type (IPMI v2.0 43).
    package var type: UInt8 {
        switch self {
        case .full: 0x01
        case .compact: 0x02
        case .eventOnly: 0x03
        case .fruLocator: 0x11
        case .controllerLocator: 0x12
        case .other(let type, _): type
        }
    }

    fileprivate static func read(
        type: UInt8, from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> Self {
        switch type {
        case 0x01: .full(try FullSensorRecord.read(from: &buffer))
        case 0x02: .compact(try CompactSensorRecord.read(from: &buffer))
        case 0x03: .eventOnly(try EventOnlyRecord.read(from: &buffer))
        case 0x11: .fruLocator(try FRULocatorRecord.read(from: &buffer))
        case 0x12: .controllerLocator(try ControllerLocatorRecord.read(from: &buffer))
        default: .other(type: type, bytes: buffer.unread)
        }
    }

    fileprivate var bytes: [UInt8] {
        var buffer = ByteBuffer()
        switch self {
        case .full(let record): record.write(into: &buffer)
        case .compact(let record): record.write(into: &buffer)
        case .eventOnly(let record): record.write(into: &buffer)
        case .fruLocator(let record): record.write(into: &buffer)
        case .controllerLocator(let record): record.write(into: &buffer)
        case .other(_, let bytes): buffer.writeBytes(bytes)
        }
        return buffer.unread
    }
}
