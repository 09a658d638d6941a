/// What a part's inventory says of it (Platform Management FRU Information Storage Definition 1.0).
package struct FRUInventory: Hashable, Sendable {
    package var chassis: FRUChassis?
    package var board: FRUBoard?
    package var product: FRUProduct?
    /// What is wrong with the inventory, in words: `the board area's checksum is wrong`.
    package var complaints: [String]

    package init(
        chassis: FRUChassis? = nil, board: FRUBoard? = nil, product: FRUProduct? = nil,
        complaints: [String] = []
    ) {
        self.chassis = chassis
        self.board = board
        self.product = product
        self.complaints = complaints
    }

    /// The whole inventory as a part holds it, with its header.
    package var bytes: [UInt8] {
        var header = FRUCommonHeader()
        var areas: [UInt8] = []
        let next = { FRUCommonHeader.length + areas.count }
        if let chassis {
            header.chassis = next()
            areas += chassis.wireBytes
        }
        if let board {
            header.board = next()
            areas += board.wireBytes
        }
        if let product {
            header.product = next()
            areas += product.wireBytes
        }
        return header.wireBytes + areas
    }
}
