package import NIOCore

/// The chassis that a part tells of (Platform Management FRU Information Storage Definition 1.0, 10).
package struct FRUChassis: WireValue {
    /// As SMBIOS numbers chassis types: 0x17 is a rack-mount one.
    package var type: UInt8
    package var partNumber: String?
    package var serialNumber: String?
    /// What the maker added.
    package var custom: [String]
    package var hasValidChecksum: Bool

    package init(
        type: UInt8, partNumber: String? = nil, serialNumber: String? = nil, custom: [String] = [],
        hasValidChecksum: Bool = true
    ) {
        self.type = type
        self.partNumber = partNumber
        self.serialNumber = serialNumber
        self.custom = custom
        self.hasValidChecksum = hasValidChecksum
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> FRUChassis {
        let area = try FRUArea.read(from: &buffer, fixedCount: 1)
        return FRUChassis(
            type: area.fixed[0], partNumber: area.text(0), serialNumber: area.text(1),
            custom: area.texts(from: 2), hasValidChecksum: area.hasValidChecksum)
    }

    package func write(into buffer: inout ByteBuffer) {
        FRUArea(
            fixed: [type], fields: FRUArea.packed([partNumber, serialNumber] + custom),
            hasValidChecksum: true
        ).write(into: &buffer)
    }
}
