package import NIOCore

/// What the BMC takes the time to be (IPMI v2.0 31.10).
package struct GetSELTime: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x48
    package static let name = "get SEL time"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package init() {}

    package struct Response: WireValue {
        /// The present time of the clock that dates the event log.
        package var time: IPMITimestamp

        package init(time: IPMITimestamp) {
            self.time = time
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            Response(time: IPMITimestamp(rawValue: try buffer.take("SEL time")))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(time.rawValue)
        }
    }
}
