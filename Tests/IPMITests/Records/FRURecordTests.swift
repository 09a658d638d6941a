import IPMIWire
import NIOCore
import Randomness
import Testing

// Laid out by hand after Platform Management FRU Information Storage Definition 1.0; the checksums
// are the zero sums that it asks for.
@Suite("FRU inventories") struct FRURecordTests {
    static let inventory = FRUInventory(
        chassis: FRUChassis(type: 0x17, partNumber: "CSE-1", serialNumber: "C0001"),
        board: FRUBoard(
            minutesSince1996: 0x01_0203, manufacturer: "Example", productName: "Board",
            serialNumber: "B0001", partNumber: "BP-1", custom: ["rev 2"]),
        product: FRUProduct(
            language: 25, manufacturer: "Example", name: "Server", partNumber: "M-1",
            version: "A", serialNumber: "S0001", assetTag: "rack 1"))

    @Test("where the areas are (8)")
    func header() throws {
        try expectWire(
            FRUCommonHeader(chassis: 8, board: 32, product: 64), "01 00 01 04 08 00 00 f2")
        let broken: FRUCommonHeader = try read(bytes("01 00 01 04 08 00 00 00"))
        #expect(!broken.hasValidChecksum && broken.board == 32)
        #expect(throws: IPMIWireError.self) {
            try read(bytes("ff ff ff ff ff ff ff ff"), as: FRUCommonHeader.self)
        }
    }

    @Test("a chassis (10)")
    func chassis() throws {
        let chassis = FRUChassis(type: 0x17, partNumber: "CSE-1", serialNumber: "C001")
        try expectWire(
            chassis, "01 02 17 c5 4353452d31 c4 43303031 c1 8f", required: 2)
    }

    @Test("all areas are read as they were written")
    func areas() throws {
        let inventory = Self.inventory
        let all = inventory.bytes
        let header: FRUCommonHeader = try read(all)
        #expect(header.hasValidChecksum)
        #expect(try read(Array(all[header.chassis...])) == inventory.chassis)
        #expect(try read(Array(all[header.board...])) == inventory.board)
        #expect(try read(Array(all[header.product...])) == inventory.product)
    }

    @Test("a wrong checksum and a missing end are told and tolerated")
    func broken() throws {
        var bytes = Self.inventory.product?.wireBytes ?? []
        bytes[bytes.count - 1] ^= 1
        let product: FRUProduct = try read(bytes)
        #expect(!product.hasValidChecksum && product.serialNumber == "S0001")
        let cut: FRUProduct = try read(Array(bytes.prefix(20)))
        #expect(cut.manufacturer == "Example" && cut.name == "Server" && cut.serialNumber == nil)
    }

    @Test("any bytes are read or refused")
    func anyBytes() throws {
        let whole = Self.inventory.bytes
        var generator = SeededNumbers(seed: 1)
        for round in 0..<2_000 {
            var bytes =
                round % 2 == 0
                ? whole : (0..<64).map { _ in .random(in: 0...255, using: &generator) }
            bytes = Array(bytes.prefix(.random(in: 0...bytes.count, using: &generator)))
            if !bytes.isEmpty {
                bytes[.random(in: bytes.indices, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            for offset in [0, 8, 32] where offset <= bytes.count {
                let part = Array(bytes[offset...])
                _ = try? read(part, as: FRUCommonHeader.self)
                _ = try? read(part, as: FRUChassis.self)
                _ = try? read(part, as: FRUBoard.self)
                _ = try? read(part, as: FRUProduct.self)
                _ = try? read(part, as: SensorDataRecord.self).wireBytes
                _ = try? read(part, as: SELRecord.self).wireBytes
                _ = try? read(part, as: PackedText.self).text
            }
        }
        for type in [UInt8(0x01), 0x02, 0x03, 0x11, 0x12] {
            for _ in 0..<500 {
                let count = Int.random(in: 0...70, using: &generator)
                let body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let record = [1, 0, 0x51, type, UInt8(body.count)] + body
                guard let read = try? read(record, as: SensorDataRecord.self) else { continue }
                _ = read.wireBytes
            }
        }
    }
}
