import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// Virtual media from the plugin's socket to the BMC and back.
@Suite(.timeLimit(.minutes(5))) struct MediaTests {
    private static let url = "https://192.0.2.1/installer.iso"
    private static let theirs = "https://192.0.2.99/theirs.iso"
    private static let properties: JSON = ["Media": .string(url), "Grace": "200ms"]

    @Test("an instance boots from its media, which are gone with it")
    func lifecycle() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startedAndSynchronised()
            let system = rig.rack.bmcs[0].systems[0]
            let id = try await rig.provision(Self.properties)
            try await rig.waitUntilPoweredOn(["r1u01"])
            #expect(system.insertedImages == [Self.url])
            #expect(system.bootsFrom == ["Cd"])
            try await rig.destroy(id)
            #expect(system.insertedImages.isEmpty)
            #expect(system.boot?["BootSourceOverrideEnabled"] == "Disabled")
            #expect(rig.poweredOn.isEmpty)
            // The next instance has none of it.
            _ = try await rig.provision()
            try await rig.waitUntilPoweredOn(["r1u01"])
            #expect(system.bootsFrom == ["Cd", "None"])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("what somebody else put in stays, and another server is taken")
    func foreign() async throws {
        try await Rig.with(2) { rig in
            try rig.rack.bmcs[0].systems[0].insertImage(Self.theirs)
            let daemon = try await rig.startedAndSynchronised()
            let id = try await rig.provision(Self.properties)
            try await daemon.wait(for: "holds \(Self.theirs)")
            #expect(id.hasSuffix("-r1u02"))
            try await rig.destroy(id)
            #expect(rig.rack.bmcs[0].systems[0].insertedImages == [Self.theirs])
            #expect(rig.rack.bmcs[0].systems[0].resets.isEmpty)
            #expect(rig.rack.bmcs[1].systems[0].insertedImages.isEmpty)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("no secret of a URL is answered, logged or kept")
    func secrets() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startedAndSynchronised()
            let secret: JSON = ["Media": "https://admin:hunter2@192.0.2.1/installer.iso"]
            await #expect {
                _ = try await rig.provision(secret)
            } throws: { error in
                "\(error)".contains("Properties.Media: has a user name or password in it")
                    && !"\(error)".contains("hunter2")
            }
            // A token in the query is kept with the spec, but not said.
            try rig.rack.bmcs[0].systems[0].insertImage(Self.theirs)
            await #expect {
                _ = try await rig.provision(["Media": "\(Self.url)?token=hunter2hunter2"])
            } throws: { error in
                "\(error)".contains("insert \(Self.url) refused") && !"\(error)".contains("hunter2")
            }
            await daemon.end(with: SIGTERM)
            #expect(!daemon.output.contains("hunter2"))
            let state = try String(
                contentsOfFile: rig.home + "/state/rackpool.json", encoding: .utf8)
            #expect(!state.contains("hunter2"))
        }
    }

    // MARK: Crashes

    static let provisionSteps =
        CrashStep.both("POST", "InsertMedia") + CrashStep.both("PATCH", "\"Cd\"")
        + CrashStep.both("POST", "ComputerSystem.Reset")

    @Test("a provision that the daemon died in is finished by the next", arguments: provisionSteps)
    func provision(_ step: CrashStep) async throws {
        try await Rig.with(1) { rig in
            let system = rig.rack.bmcs[0].systems[0]
            let first = try await rig.startedAndSynchronised()
            await rig.crash(first, at: step) { _ = try await rig.provision(Self.properties) }

            let second = try await rig.start()
            try await second.wait(for: "r1u01 is on")
            #expect(system.insertedImages == [Self.url])
            #expect(system.bootsFrom == ["Cd"])
            let id = try #require(try await rig.described().first)
            try await rig.destroy(id)
            #expect(system.insertedImages.isEmpty)
            await second.end(with: SIGTERM)
        }
    }

    static let destroySteps =
        CrashStep.both("POST", "EjectMedia") + CrashStep.both("POST", "ComputerSystem.Reset")

    @Test("a destroy that the daemon died in is finished by the next", arguments: destroySteps)
    func destroy(_ step: CrashStep) async throws {
        try await Rig.with(1) { rig in
            let system = rig.rack.bmcs[0].systems[0]
            let first = try await rig.startedAndSynchronised()
            let id = try await rig.provision(Self.properties)
            try system.insertImage(Self.theirs, intoDrive: 1)
            await rig.crash(first, at: step) { try await rig.destroy(id) }

            let second = try await rig.start()
            try await second.wait(for: "r1u01 is free: powered off")
            #expect(try await rig.described().isEmpty)
            #expect(system.insertedImages == [Self.theirs])
            await second.end(with: SIGTERM)
        }
    }
}
