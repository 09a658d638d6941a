import IPMIWire
import Randomness
import Testing

@testable import IPMI

@Suite("Reading inventories of parts") struct FRUReaderTests {
    private let inventory = FRURecordTests.inventory

    private func read(_ change: (inout FakeBMC.Contents) -> Void) async throws -> FRUInventory? {
        let bmc = FakeBMC {
            $0.inventories = [0: inventory.bytes + Array(repeating: 0xFF, count: 100)]
            change(&$0)
        }
        return try await HardwareHealth.inventory(over: bmc)
    }

    @Test("is done in pieces that the BMC returns", arguments: [255, 100, 32, 16, 8])
    func pieces(maximum: Int) async throws {
        #expect(try await read { $0.maximumBytes = maximum } == inventory)
    }

    @Test("counts in words where the part does")
    func words() async throws {
        let read = try await read {
            $0.isInWords = true
            $0.maximumBytes = 16
        }
        #expect(read == inventory)
    }

    @Test("tolerates a wrong checksum and says so")
    func checksum() async throws {
        let read = try await read {
            $0.inventories[0]?[inventory.bytes.count - 1] ^= 0xFF
            $0.inventories[0]?[7] ^= 0xFF
        }
        #expect(read?.product?.serialNumber == "S0001")
        #expect(
            read?.complaints == [
                "the header's checksum is wrong", "the product area's checksum is wrong",
            ])
    }

    @Test("tolerates an inventory that ends too early")
    func short() async throws {
        let read = try await read { $0.inventories[0]?.removeLast(130) }
        #expect(read?.chassis == inventory.chassis)
        #expect(read?.complaints.isEmpty == false)
    }

    @Test("of an absent or blank part is none")
    func none() async throws {
        #expect(try await read { $0.inventories = [:] } == nil)
        #expect(try await read { $0.inventories = [0: Array(repeating: 0xFF, count: 64)] } == nil)
        let odd = try await read { $0.inventories = [0: Array(2...65)] }
        #expect(odd?.complaints.isEmpty == false && odd?.board == nil)
    }

    @Test("ends whatever the BMC answers")
    func anything() async throws {
        for seed in 0..<300 {
            let bmc = FakeBMC {
                $0.override = { count, _ in
                    var generator = SeededNumbers(seed: UInt64(seed * 100_000 + count))
                    let length = Int.random(in: 0...40, using: &generator)
                    return .data(
                        (0..<length).map { _ in UInt8.random(in: 0...8, using: &generator) })
                }
            }
            _ = try await HardwareHealth.inventory(over: bmc)
            #expect(!bmc.requests.isEmpty)
        }
    }
}
