package import NIOCore

/// The product that a part is or belongs to (Platform Management FRU Information Storage Definition
/// 1.0, 12).
package struct FRUProduct: WireValue {
    /// The language of the texts; 0 and 25 are English.
    package var language: UInt8
    package var manufacturer: String?
    package var name: String?
    /// The model or part number.
    package var partNumber: String?
    package var version: String?
    package var serialNumber: String?
    package var assetTag: String?
    /// The version of the tool or file that wrote the inventory.
    package var fileID: String?
    /// What the maker added.
    package var custom: [String]
    package var hasValidChecksum: Bool

    package init(
        language: UInt8 = 0, manufacturer: String? = nil, name: String? = nil,
        partNumber: String? = nil, version: String? = nil, serialNumber: String? = nil,
        assetTag: String? = nil, fileID: String? = nil, custom: [String] = [],
        hasValidChecksum: Bool = true
    ) {
        self.language = language
        self.manufacturer = manufacturer
        self.name = name
        self.partNumber = partNumber
        self.version = version
        self.serialNumber = serialNumber
        self.assetTag = assetTag
        self.fileID = fileID
        self.custom = custom
        self.hasValidChecksum = hasValidChecksum
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> FRUProduct {
        let area = try FRUArea.read(from: &buffer, fixedCount: 1)
        return FRUProduct(
            language: area.fixed[0], manufacturer: area.text(0), name: area.text(1),
            partNumber: area.text(2), version: area.text(3), serialNumber: area.text(4),
            assetTag: area.text(5), fileID: area.text(6), custom: area.texts(from: 7),
            hasValidChecksum: area.hasValidChecksum)
    }

    package func write(into buffer: inout ByteBuffer) {
        FRUArea(
            fixed: [language],
            fields: FRUArea.packed(
                [manufacturer, name, partNumber, version, serialNumber, assetTag, fileID] + custom),
            hasValidChecksum: true
        ).write(into: &buffer)
    }
}
