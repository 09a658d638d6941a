import Core
import Locking
import Redfish
import Simulator
import Testing

@Suite("A boot override", .timeLimit(.minutes(5)))
struct BootDialectTests {
    private static let all: [Set<Dialect>] = [
        [], [.noETag], [.strictETag], [.strictETag, .doubleQuotedETag], [.strictETag, .gzipETag],
        [.doubleQuotedETag], [.gzipETag], [.refusesIfMatch], [.staleETag],
        [.staleETag, .strictETag], [.settingsObject], [.settingsObject, .tasks],
        [.bootModeDropped], [.bootModeRefused], [.bootModeRefused, .strictETag], [.bootLate],
        [.tasks], [.taskBody], [.vanishingTask], [.vanishingTask, .bootLate], [.trailingSlashes],
        [.linksV0], [.missingStatus], [.stringNumbers], [.bootModeJob], [.bootRefusedDone],
        [.bootAlias], [.bootInFutureState], [.bootInFutureState, .strictETag], [.noChangeInPOST],
        [.bootModeJob, .tasks], [.bootOnceOnly], [.strictETag, .bootModeDropped],
        [.strictETag, .bootModeDropped, .stumbles], [.strictETag, .bootModeRefused, .stumbles],
        [.strictETag, .settingsObject, .stumbles],
    ]

    @Test("is set, is booted from once, and is cleared", arguments: all)
    func sticks(dialects: Set<Dialect>) async throws {
        try await DialectRig.run(dialects) { rig in
            let boot = BootOverride(target: .pxe)
            try await rig.provider.setBoot(boot, of: rig.device)
            #expect(rig.system.boot?["BootSourceOverrideTarget"] == "Pxe")
            #expect(rig.system.boot?["BootSourceOverrideEnabled"] == "Once")
            #expect(rig.system.boot?["BootSourceOverrideMode"] == "UEFI")
            try await rig.provider.clearBoot(of: rig.device)
            #expect(rig.system.boot?["BootSourceOverrideEnabled"] == "Disabled")
            #expect(rig.system.boot?["BootSourceOverrideMode"] == "UEFI")
            try await rig.provider.setBoot(boot, of: rig.device)
            try await rig.provider.setPower(.on, of: rig.device)
            _ = try await rig.looks(until: .on)
            #expect(rig.system.bootsFrom == ["Pxe"])
        }
    }

    @Test("in another mode is set where the mode may not come with the rest")
    func otherMode() async throws {
        try await DialectRig.run([.bootModeRefused]) { rig in
            try await rig.provider.setBoot(
                BootOverride(target: .pxe, mode: .legacy), of: rig.device)
            #expect(rig.system.boot?["BootSourceOverrideTarget"] == "Pxe")
            #expect(rig.system.boot?["BootSourceOverrideMode"] == "Legacy")
        }
    }

    @Test("costs one look at the system, one change and one look more")
    func requests() async throws {
        let path = "/redfish/v1/Systems/1"
        try await DialectRig.run([]) { rig in
            _ = try await rig.provider.observe(rig.device)
            let before = rig.lines.count
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            #expect(
                rig.lines.dropFirst(before) == ["GET \(path)", "PATCH \(path)", "GET \(path)"])
            #expect(rig.time.pauses.isEmpty)
        }
    }

    @Test("that is to last is set anew before each start where the BMC offers none that lasts")
    func onceOnly() async throws {
        try await DialectRig.run([.bootOnceOnly]) { rig in
            try await rig.provider.setBoot(
                BootOverride(target: .pxe, once: false), of: rig.device)
            for _ in 0..<3 {
                try await rig.provider.setPower(.on, of: rig.device)
                try await rig.provider.setPower(.forceOff, of: rig.device)
            }
            #expect(rig.system.bootsFrom == ["Pxe", "Pxe", "Pxe"])
            try await rig.provider.clearBoot(of: rig.device)
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(rig.system.bootsFrom.last == "None")
        }
    }

    @Test("that the BMC takes and does not show is refused with what it shows")
    func ignored() async throws {
        try await DialectRig.run([.bootIgnored]) { rig in
            let error = await #expect(throws: ProviderError.self) {
                try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            }
            #expect(error?.kind == .refused)
            #expect(
                error?.message == "boot from Pxe refused: the BMC took the change, but shows "
                    + "BootSourceOverrideEnabled Disabled, BootSourceOverrideTarget None, "
                    + "BootSourceOverrideMode UEFI")
            #expect(
                rig.time.pauses
                    == Array(
                        repeating: [
                            .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
                        ], count: 2
                    ).flatMap(\.self), "in each of two forms")
        }
    }

    @Test("whose task fails is refused with what the task says")
    func failingTask() async throws {
        try await DialectRig.run([.failingTask]) { rig in
            let error = await #expect(throws: ProviderError.self) {
                try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            }
            #expect(error?.kind == .refused)
            #expect(
                error?.message.hasPrefix(
                    "boot from Pxe refused: the BMC's task ended with Exception: "
                        + "Base.1.18.InternalError: The request failed due to an internal") == true)
        }
    }

    @Test(
        "whose task shows nonsense for a moment is followed to its end", arguments: [true, false])
    func nonsense(isPage: Bool) async throws {
        let page = SimulatedAnswer(
            status: 200, headers: [("Content-Type", "text/html")], body: Array("<html>".utf8))
        let hasComeUp = Mutex(false)
        try await DialectRig.run([.tasks, .bootModeJob]) { rig in
            rig.rack.onRequest { request, moment in
                guard case .arrived = moment, request.path.contains("TaskMonitors"),
                    !hasComeUp.withLock({ hasComeUp in
                        defer { hasComeUp = true }
                        return hasComeUp
                    })
                else { return .proceed }
                return isPage ? .answer(page) : .garbage([0, 1, 10, 10])
            }
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            #expect(hasComeUp.withLock { $0 })
            #expect(rig.lines.count { $0.hasPrefix("PATCH") } == 1)
        }
    }

    @Test("whose task asks for a pause gets it")
    func retryAfter() async throws {
        try await DialectRig.run([.tasks]) { rig in
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            #expect(rig.time.pauses.first == .seconds(1))
        }
    }
}
