package import NIOCore

/// Where the areas of a part's inventory begin (Platform Management FRU Information Storage
/// Definition 1.0, 8).
package struct FRUCommonHeader: WireValue {
    package static let length = 8

    /// Offsets in bytes, multiples of 8 up to 2040; 0 for an area that there is not.
    package var internalUse: Int
    package var chassis: Int
    package var board: Int
    package var product: Int
    package var multiRecord: Int
    /// Whether the bytes add up as they should. Parts with a wrong sum and right areas exist.
    package var hasValidChecksum: Bool

    package init(
        internalUse: Int = 0, chassis: Int = 0, board: Int = 0, product: Int = 0,
        multiRecord: Int = 0, hasValidChecksum: Bool = true
    ) {
        self.internalUse = internalUse
        self.chassis = chassis
        self.board = board
        self.product = product
        self.multiRecord = multiRecord
        self.hasValidChecksum = hasValidChecksum
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> FRUCommonHeader
    {
        let bytes = try buffer.takeBytes("FRU header", count: length)
        guard bytes[0] & 0x0F == 1 else { throw .invalid("FRU format version") }
        return FRUCommonHeader(
            internalUse: Int(bytes[1]) * 8, chassis: Int(bytes[2]) * 8, board: Int(bytes[3]) * 8,
            product: Int(bytes[4]) * 8, multiRecord: Int(bytes[5]) * 8,
            hasValidChecksum: checksum(bytes) == 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        let offsets = [internalUse, chassis, board, product, multiRecord].map {
            UInt8(clamping: $0 / 8)
        }
        let bytes = [1] + offsets + [0]
        buffer.writeBytes(bytes + [checksum(bytes)])
    }
}
