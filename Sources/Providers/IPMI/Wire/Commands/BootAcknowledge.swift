package import NIOCore

/// Who has yet to read the boot flags (IPMI v2.0 28.12, table 28-14, parameter 4). Each of them
/// takes its own bit away when it has read them; whoever writes new flags sets them all, so that
/// no one takes the new flags for those that it has read.
package struct BootAcknowledge: WireValue {
    /// Whose bits are written; the others stay as they are. Read as nothing.
    package var written: Readers
    /// Who has yet to read the flags.
    package var unread: Readers

    package init(written: Readers, unread: Readers) {
        self.written = written
        self.unread = unread
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> BootAcknowledge {
        let written = Readers(rawValue: try buffer.take("write mask"))
        return BootAcknowledge(
            written: written, unread: Readers(rawValue: try buffer.take("acknowledge data")))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([written.rawValue, unread.rawValue])
    }

    /// Those who read the boot flags. The upper three bits are reserved, and written as ones (table
    /// 28-14).
    package struct Readers: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The firmware, as it tests the machine.
        package static let firmware = Readers(rawValue: 0x01)
        /// The loader of an operating system.
        package static let loader = Readers(rawValue: 0x02)
        /// The operating system, or a service partition.
        package static let operatingSystem = Readers(rawValue: 0x04)
        /// The software that manages the system.
        package static let managementSoftware = Readers(rawValue: 0x08)
        /// The manufacturer's.
        package static let manufacturer = Readers(rawValue: 0x10)
        /// All of them, with the reserved bits.
        package static let all = Readers(rawValue: 0xFF)
    }
}
