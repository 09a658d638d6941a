import Core
import Foundation
import Redfish
import Simulator
import Testing

@Suite("Virtual media of recorded services", .timeLimit(.minutes(5)))
struct MediaRecordingTests {
    private static let committed = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures")

    private func check(_ folder: String, at level: String) async throws {
        try await MediaRack.with(fixture: try Fixture(folder: folder)) { bmc in
            let image = try MediaRack.image()
            try await bmc.provider.insertMedia(image, into: bmc.device)
            #expect(bmc.system.insertedImages == [MediaRack.url])
            #expect(bmc.commands.last?.path.contains(level) == true)
            try await bmc.provider.setBoot(BootOverride(target: .cd), of: bmc.device)
            try await bmc.provider.setPower(.on, of: bmc.device)
            try await bmc.system.waitForPower(.on)
            #expect(bmc.system.bootsFrom == ["Cd"])
            try await bmc.provider.ejectMedia(image, from: bmc.device)
            #expect(bmc.system.insertedImages.isEmpty)
        }
    }

    @Test(
        "An image goes in and out, at the system or at its manager",
        arguments: [("rack-server", "/Managers/"), ("sushy-fake-two-systems", "/Systems/")])
    func committed(_ name: String, _ level: String) async throws {
        try await check(Self.committed.appendingPathComponent(name).path, at: level)
    }

    @Test(
        "An iLO 5 takes it at its manager",
        .enabled(if: RecordedServices.arePresent, RecordedServices.advice))
    func ilo() async throws {
        try await check(
            RecordedServices.folder.appendingPathComponent("hpe-dl325-ilo5").path,
            at: "/Managers/")
    }

    @Test(
        "DMTF's example holds other images, which stay",
        .enabled(if: RecordedServices.arePresent, RecordedServices.advice))
    func occupied() async throws {
        let folder = RecordedServices.folder.appendingPathComponent("dmtf-public-rackmount1").path
        try await MediaRack.with(fixture: try Fixture(folder: folder)) { bmc in
            let before = bmc.system.insertedImages
            #expect(before.count == 2)
            let error = await #expect(throws: ProviderError.self) {
                try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            }
            #expect(
                error?.message.contains("holds redfish.dmtf.org/freeImages/freeOS.1.1.iso") == true)
            // The same image, as its service writes it.
            let same = try MediaRack.image("https://redfish.dmtf.org/freeImages/freeOS.1.1.iso")
            try await bmc.provider.insertMedia(same, into: bmc.device)
            #expect(bmc.system.insertedImages == before)
        }
    }

    @Test(
        "A BMC without drives refuses for good",
        .enabled(if: RecordedServices.arePresent, RecordedServices.advice),
        arguments: ["openbmc-stock", "supermicro-x10", "cray-ex425-two-nodes"])
    func none(_ name: String) async throws {
        let folder = RecordedServices.folder.appendingPathComponent(name).path
        try await MediaRack.with(fixture: try Fixture(folder: folder)) { bmc in
            let error = await #expect(throws: ProviderError.self) {
                try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            }
            #expect(error?.isIncapable == true)
            #expect(bmc.commands.isEmpty)
        }
    }
}
