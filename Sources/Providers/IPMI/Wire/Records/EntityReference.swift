package import NIOCore

/// Which part of the machine something belongs to (IPMI v2.0 39, table 43-13).
package struct EntityReference: WireValue {
    /// The kind of part: 3 is a processor.
    package var id: UInt8
    /// Which of its kind: 0 to 0x5F in the system, 0x60 to 0x7F within its controller.
    package var instance: UInt8
    /// Whether it stands for a group of parts rather than for one.
    package var isLogical: Bool

    package init(id: UInt8, instance: UInt8, isLogical: Bool = false) {
        self.id = id
        self.instance = instance
        self.isLogical = isLogical
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> EntityReference
    {
        let id = try buffer.take("entity ID", as: UInt8.self)
        let instance = try buffer.take("entity instance", as: UInt8.self)
        return EntityReference(id: id, instance: instance & 0x7F, isLogical: instance & 0x80 != 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(id)
        buffer.put(instance & 0x7F | (isLogical ? 0x80 : 0))
    }
}
