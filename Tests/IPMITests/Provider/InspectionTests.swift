import Core
import IPMIWire
import Simulator
import Testing

@testable import IPMI

/// What `inspect` says of BMCs that break off, or lack something.
@Suite struct IPMIInspectionTests {
    private func inspect(
        _ bmc: ScriptedBMC, quirks: Set<IPMIOptions.Quirk> = []
    ) async -> (IPMIInspection, IPMIFailure?) {
        var start = IPMIInspection()
        start.hasSession = true
        var inspector = SystemInspector(
            bmc, entries: 5, quirks: quirks, time: SkippedTime(), start)
        do throws(IPMIFailure) {
            try await inspector.inspect()
            return (inspector.inspection, nil)
        } catch {
            inspector.inspection.failure = error.error(attempting: "inspection")
            return (inspector.inspection, error)
        }
    }

    @Test("a BMC whose power is told can be steered, whatever broke off after it")
    func brokenOff() async {
        let bmc = ScriptedBMC { $0.faults[GetDeviceID.name] = [.silence(acts: false)] }
        let (inspection, failure) = await inspect(bmc)
        #expect(failure != nil && inspection.isUsable)
        #expect(inspection.lines.last?.hasPrefix("Rackpool can steer this BMC's system; ") == true)
        let dead = ScriptedBMC { $0.faults[GetChassisStatus.name] = [.silence(acts: false)] }
        let (other, _) = await inspect(dead)
        #expect(!other.isUsable)
        #expect(other.lines.last?.hasPrefix("Rackpool can't steer this BMC: ") == true)
    }

    @Test("an inventory that is not told is said to be unread, not absent")
    func unreadInventory() async {
        let bmc = ScriptedBMC()
        let (absent, _) = await inspect(bmc)
        #expect(absent.problems.contains("inventory (FRU): there is none"))
        bmc.hardware.change {
            $0.override = { $1.is(GetFRUInventoryAreaInfo.self) ? .ignored : nil }
        }
        let (unread, _) = await inspect(bmc)
        #expect(
            unread.problems.contains("inventory (FRU): not read: the BMC says nothing to it"))
    }

    @Test("to a Supermicro the quirk for UEFI drives is proposed, unless it is set")
    func proposal() async {
        let (unset, _) = await inspect(ScriptedBMC())
        #expect(unset.problems.contains { $0.contains("quirks: [uefiDisk24]") })
        let (set, _) = await inspect(ScriptedBMC(), quirks: [.uefiDisk24])
        #expect(!set.problems.contains { $0.contains("uefiDisk24") })
    }

    @Test("a part of the sensors' records is said to be one, and placeholders are not shown")
    func partial() async {
        let bmc = ScriptedBMC()
        let inventory = FRUInventory(
            product: FRUProduct(name: "A1", serialNumber: "To be filled by O.E.M."))
        bmc.hardware.change { contents in
            contents.records = [
                SampleRecords.temperature(1, 1, "One"), SampleRecords.temperature(2, 2, "Two"),
            ]
            contents.nextRecords = [1: RecordPart.end]
            contents.inventories = [0: inventory.bytes]
        }
        let (inspection, _) = await inspect(bmc)
        #expect(inspection.problems.contains("the BMC counts 2 sensor records, and told of 1"))
        #expect(!inspection.lines.contains { $0.contains("O.E.M.") })
    }
}
