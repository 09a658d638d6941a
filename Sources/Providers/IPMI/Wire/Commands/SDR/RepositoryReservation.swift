package import NIOCore

/// What a reservation of the event log or of a repository of sensor records comes to (IPMI v2.0
/// 31.4, 33.11, 35.4).
package struct RepositoryReservation: WireValue {
    /// Goes into the reads that follow; 0 where a BMC needs none.
    package var id: UInt16

    package init(id: UInt16) {
        self.id = id
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> RepositoryReservation {
        RepositoryReservation(id: try buffer.take("reservation ID"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(id)
    }
}
