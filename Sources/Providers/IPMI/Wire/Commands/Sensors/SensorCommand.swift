package import NIOCore

/// What is asked about one sensor (IPMI v2.0 35). Its number is the request's data, and which logical
/// unit owns it stands in the message's header.
package protocol SensorCommand: IPMICommand {
    /// Which of the logical unit's sensors.
    var sensor: UInt8 { get }

    init(sensor: UInt8, lun: UInt8)
}

extension SensorCommand {
    package static var function: NetworkFunction { .sensor }
    package static var privilege: PrivilegeLevel { .user }
    package static var isOptional: Bool { true }
    package var variant: UInt16 { UInt16(sensor) }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Self {
        Self(sensor: try buffer.take("sensor number"), lun: 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(sensor)
    }
}
