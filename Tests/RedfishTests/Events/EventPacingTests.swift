import Testing

@testable import Redfish

@Suite struct EventPacingTests {
    private let brief = EventPacing.Cause.lost(after: .seconds(1), events: 0)

    @Test("pauses double from two seconds to five minutes")
    func grows() {
        var pacing = EventPacing()
        let pauses = (0..<10).map { _ in pacing.pause(after: .unreachable, retry: nil, chance: 0.5)
        }
        #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map { .seconds($0) })
    }

    @Test("they are spread over half to one and a half times their length")
    func spreads() {
        for (chance, seconds) in [(0.0, 1.0), (0.25, 1.5), (0.75, 2.5)] {
            var pacing = EventPacing()
            let pause = pacing.pause(after: brief, retry: nil, chance: chance)
            #expect(pause == .seconds(seconds))
        }
    }

    @Test("a stream that brought something, or held for a minute, begins anew")
    func resets() {
        for good in [
            EventPacing.Cause.lost(after: .zero, events: 1), .lost(after: .seconds(60), events: 0),
        ] {
            var pacing = EventPacing()
            for _ in 0..<5 { _ = pacing.pause(after: brief, retry: nil, chance: 0.5) }
            #expect(pacing.pause(after: good, retry: nil, chance: 0.5) == .seconds(2))
        }
    }

    @Test("a BMC that has no stream to offer is left alone for about an hour")
    func refused() {
        var pacing = EventPacing()
        #expect(pacing.pause(after: .refused, retry: .seconds(1), chance: 0.5) == .seconds(3600))
        #expect(pacing.pause(after: .refused, retry: nil, chance: 0) == .seconds(1800))
    }

    @Test("what the server asks for is not undercut, nor is it taken beyond reason")
    func retry() {
        var pacing = EventPacing()
        #expect(pacing.pause(after: brief, retry: .seconds(20), chance: 0) == .seconds(20))
        #expect(pacing.pause(after: brief, retry: .seconds(20), chance: 0.5) == .seconds(40))
        pacing = EventPacing()
        #expect(pacing.pause(after: brief, retry: .zero, chance: 0.5) == .seconds(1))
        #expect(pacing.pause(after: brief, retry: .seconds(86_400), chance: 0.5) == .seconds(300))
    }
}
