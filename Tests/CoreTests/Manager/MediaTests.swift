import Core
import Testing

@testable import TestSupport

@Suite("Media of an instance", .timeLimit(.minutes(5))) struct MediaTests {
    static let url = "https://192.0.2.1/boot.iso"
    static let properties: JSON = ["Media": .string(url)]

    private static func changes(on rig: Rig, _ device: String = "d01") -> [FakeProvider.Step] {
        rig.provider.steps(on: device).filter { $0 != .observe }
    }

    @Test("they go in before the power, the server boots from them once, and they go out after it")
    func order() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", Self.properties))
        #expect(Self.changes(on: rig) == [.insertMedia, .setBoot, .power(.on)])
        #expect(rig.provider.media(of: "d01")?.url == Self.url)
        #expect(
            rig.provider.boot(of: "d01") == BootOverride(target: .cd))

        try await rig.destroy(id)
        #expect(
            Self.changes(on: rig).dropFirst(3)
                == [
                    .power(.gracefulOff), .power(.forceOff), .ejectMedia, .clearBoot,
                ])
        #expect(rig.provider.media(of: "d01") == nil)
        #expect(rig.provider.boot(of: "d01") == nil)
    }

    @Test("a boot source that the spec names goes before the media")
    func ownBoot() async throws {
        let rig = try await Rig(1)
        let properties: JSON = ["Media": .string(Self.url), "Boot": ["Target": "Hdd"]]
        _ = try await rig.manager.provision(.group("g", properties))
        #expect(rig.provider.boot(of: "d01") == BootOverride(target: .hdd))
    }

    @Test("without media no BMC hears of any")
    func none() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        try await rig.destroy(id)
        #expect(Self.changes(on: rig) == [.power(.on), .power(.gracefulOff), .power(.forceOff)])
    }

    @Test("the step is on disk before the media go in")
    func durable() async throws {
        let rig = try await Rig(1)
        rig.provider.hold(.insertMedia, of: "d01")
        async let id = rig.manager.provision(.group("g", Self.properties))
        await rig.provider.arrival(at: .insertMedia, of: "d01")
        #expect(rig.store.records[.device("d01")]?.claim?.state == .starting(.starting))
        rig.provider.open(.insertMedia, of: "d01")
        _ = try await id
    }

    @Test("a start that fails later takes them out again")
    func struck() async throws {
        let rig = try await Rig(2)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        #expect(
            try await rig.manager.provision(.group("g", Self.properties)).hasSuffix("-d02"))
        await rig.manager.waitUntilIdle()
        #expect(rig.provider.media(of: "d01") == nil)
        #expect(rig.provider.media(of: "d02")?.url == Self.url)
    }

    @Test("a BMC that does not answer at the end keeps its instance until the media are out")
    func unreachable() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", Self.properties))
        rig.provider.fail(.ejectMedia, of: "d01", with: .silence)
        try await rig.manager.destroy(id)
        try await rig.time.pass(.seconds(60))
        #expect(await rig.ids() == [id])
        #expect(rig.provider.power(of: "d01") == .off)
        rig.provider.fail(.ejectMedia, of: "d01", with: nil)
        try await rig.pass(until: nil, of: id)
        #expect(await rig.ids().isEmpty)
        #expect(rig.provider.media(of: "d01") == nil)
    }

    @Test("a BMC that refuses to take them out holds nothing up")
    func refusedEject() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", Self.properties))
        rig.provider.fail(.ejectMedia, of: "d01", with: ProviderError(.refused, "no"))
        try await rig.destroy(id)
        #expect(await rig.ids().isEmpty)
        #expect(rig.provider.boot(of: "d01") == nil)
    }

    @Test("a device without virtual media is passed over, at once the next time")
    func incapable() async throws {
        let rig = try await Rig(2)
        rig.provider.fail(
            .insertMedia, of: "d01",
            with: ProviderError(.refused, "no virtual media", isIncapable: true))
        let id = try await rig.manager.provision(.group("g", Self.properties))
        #expect(id.hasSuffix("-d02"))
        await rig.manager.waitUntilIdle()
        let before = rig.provider.steps(on: "d01").count
        await #expect {
            _ = try await rig.manager.provision(.group("g", Self.properties))
        } throws: { error in
            "\(error)" == "no device to claim: 2 devices: 1 claimed, 1 lacks virtual media"
        }
        #expect(rig.provider.steps(on: "d01").count == before)
        #expect(try await rig.manager.provision(.group("g")).hasSuffix("-d01"))
    }

    @Test("devices without virtual media don't keep those with it from being found")
    func manyIncapable() async throws {
        let rig = try await Rig(6)
        for device in ["d01", "d02", "d03", "d04", "d05"] {
            rig.provider.fail(
                .insertMedia, of: device,
                with: ProviderError(.refused, "no virtual media", isIncapable: true))
        }
        #expect(
            try await rig.manager.provision(.group("g", Self.properties)).hasSuffix("-d06"))
    }

    @Test("an image that several BMCs refuse is not tried on all the others")
    func badImage() async throws {
        let rig = try await Rig(9)
        for device in Rig.devices(9) {
            rig.provider.fail(
                .insertMedia, of: device.name, with: ProviderError(.refused, "image not found"))
        }
        await #expect {
            _ = try await rig.manager.provision(.group("g", Self.properties))
        } throws: { error in
            "\(error)".hasPrefix(
                "the media was refused 3 times, so that no more devices are tried:"
                    + " d01 (fake://1): image not found; d02")
        }
        #expect(rig.provider.steps(on: "d04").isEmpty)
        #expect(await rig.ids().isEmpty)
    }

    @Test(
        "a provision cut short with the media is finished by the next daemon",
        arguments: [FakeProvider.Step.insertMedia, .setBoot, .power(.on)])
    func resumed(_ step: FakeProvider.Step) async throws {
        let rig = try await Rig(1)
        rig.provider.hold(step, of: "d01")
        let call = Task { try await rig.manager.provision(.group("g", Self.properties)) }
        await rig.provider.arrival(at: step, of: "d01")
        // The old daemon dies here: it is never let past the step.
        let provider = FakeProvider()
        let next = try await Rig(devices: Rig.devices(1), store: rig.store, provider: provider)
        await next.manager.resumeUnfinished()
        await next.manager.shutdown(within: .seconds(1))
        #expect(await next.pool.instance("zzzzzzzy-d01")?.claim.state == .running)
        #expect(provider.media(of: "d01")?.url == Self.url)
        await rig.manager.shutdown(within: .zero)
        _ = await call.result
    }

    @Test("a destroy cut short before the media were out is finished by the next daemon")
    func resumedDestroy() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", Self.properties))
        try await rig.pool.update(id) { $0.claim.state = .stopping }
        let next = try await rig.restarted()
        await next.manager.resumeUnfinished()
        await next.manager.shutdown(within: .seconds(1))
        #expect(next.provider.media(of: "d01") == nil)
        #expect(next.store.records[.device("d01")]?.claim == nil)
    }
}
