package import NIOCore

/// The board that a part tells of (Platform Management FRU Information Storage Definition 1.0, 11).
package struct FRUBoard: WireValue {
    /// The language of the texts; 0 and 25 are English.
    package var language: UInt8
    /// When it was made, in minutes since 1996-01-01 00:00 UTC; 0 if not said. 24 bits.
    package var minutesSince1996: UInt32
    package var manufacturer: String?
    package var productName: String?
    package var serialNumber: String?
    package var partNumber: String?
    /// The version of the tool or file that wrote the inventory.
    package var fileID: String?
    /// What the maker added.
    package var custom: [String]
    package var hasValidChecksum: Bool

    package init(
        language: UInt8 = 0, minutesSince1996: UInt32 = 0, manufacturer: String? = nil,
        productName: String? = nil, serialNumber: String? = nil, partNumber: String? = nil,
        fileID: String? = nil, custom: [String] = [], hasValidChecksum: Bool = true
    ) {
        self.language = language
        self.minutesSince1996 = minutesSince1996
        self.manufacturer = manufacturer
        self.productName = productName
        self.serialNumber = serialNumber
        self.partNumber = partNumber
        self.fileID = fileID
        self.custom = custom
        self.hasValidChecksum = hasValidChecksum
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> FRUBoard {
        let area = try FRUArea.read(from: &buffer, fixedCount: 4)
        let minutes = area.fixed[1...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return FRUBoard(
            language: area.fixed[0], minutesSince1996: minutes, manufacturer: area.text(0),
            productName: area.text(1), serialNumber: area.text(2), partNumber: area.text(3),
            fileID: area.text(4), custom: area.texts(from: 5),
            hasValidChecksum: area.hasValidChecksum)
    }

    package func write(into buffer: inout ByteBuffer) {
        let minutes = [0, 8, 16].map { UInt8(truncatingIfNeeded: minutesSince1996 >> UInt32($0)) }
        FRUArea(
            fixed: [language] + minutes,
            fields: FRUArea.packed(
                [manufacturer, productName, serialNumber, partNumber, fileID] + custom),
            hasValidChecksum: true
        ).write(into: &buffer)
    }
}
