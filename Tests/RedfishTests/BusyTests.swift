import Core
import HTTPClient
import Locking
import Logging
import Simulator
import TestServer
import Testing

@testable import Redfish

@Suite("A BMC that is busy", .timeLimit(.minutes(5)))
struct BusyTests {
    @Test("is asked again when it said, in seconds or as a date")
    func retryAfter() async throws {
        try await SessionRig.with([.busy]) { rig in
            _ = try await rig.provider.observe(rig.device)
            // The root is asked for five times; four answers ask for a second each.
            #expect(rig.time.pauses == Array(repeating: .seconds(1), count: 4))
            #expect(rig.lines.filter { $0 == "GET /redfish/v1/" }.count == 5)
        }
    }

    @Test("is asked again after growing pauses where it does not say when")
    func growingPauses() async throws {
        try await SessionRig.with { rig in
            let refused = Mutex(0)
            rig.bmc.onRequest { _, moment in
                guard case .arrived = moment,
                    refused.withLock({
                        $0 += 1; return $0 <= 4
                    })
                else {
                    return .proceed
                }
                return .answer(SimulatedAnswer(status: 503))
            }
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.time.pauses == [250, 500, 1000, 2000].map { .milliseconds($0) })
        }
    }

    @Test("for longer than a call's patience is reported as busy")
    func impatient() async throws {
        try await SessionRig.with { rig in
            rig.bmc.onRequest { _, _ in .answer(SimulatedAnswer(status: 429)) }
            let error = await rig.failure()
            #expect(error?.kind == .busy)
            #expect(error?.message == "look failed: GET /redfish/v1/: 429")
            #expect(rig.lines.count == 5)
            rig.bmc.onRequest(nil)
            _ = try await rig.provider.observe(rig.device)
        }
    }

    @Test("and asks for a long pause is left alone until it is over, two minutes at most")
    func notBefore() async throws {
        for (asked, left) in [(60, 60), (3600, 120)] {
            try await SessionRig.with { rig in
                _ = try await rig.provider.observe(rig.device)
                rig.bmc.onRequest { _, _ in
                    .answer(
                        SimulatedAnswer(status: 503, headers: [("Retry-After", String(asked))]))
                }
                let first = await rig.failure()
                #expect(
                    first?.message
                        == "look failed: GET /redfish/v1/Systems/1: 503; it asks to be left alone "
                        + "(Retry-After: \(asked))")
                rig.bmc.onRequest(nil)
                let count = rig.lines.count
                rig.time.advance(by: .seconds(10))
                let second = await rig.failure()
                #expect(second?.kind == .busy)
                #expect(
                    second?.message
                        == "look failed: GET /redfish/v1/Systems/1: not sent: the BMC asked to be "
                        + "left alone for \(asked == 60 ? "1m" : "1h"), of which \(left - 10)s "
                        + "are left")
                #expect(rig.lines.count == count)
                rig.time.advance(by: .seconds(left - 12))
                // Two seconds are within a call's patience.
                _ = try await rig.provider.observe(rig.device)
                #expect(rig.time.pauses.last == .seconds(2))
            }
        }
    }

    @Test("gets a command again only if it did not act on the first")
    func commands() async throws {
        for (status, count) in [(503, 2), (429, 2), (408, 1), (504, 1)] {
            try await SessionRig.with { rig in
                _ = try await rig.provider.observe(rig.device)
                let isFirst = Mutex(true)
                rig.bmc.onRequest { request, moment in
                    guard case .arrived = moment, request.method == "PATCH",
                        isFirst.withLock({ value in
                            defer { value = false }; return value
                        })
                    else { return .proceed }
                    return .answer(SimulatedAnswer(status: status))
                }
                let boot = BootOverride(target: .pxe)
                let outcome: ProviderError?
                do throws(ProviderError) {
                    try await rig.provider.setBoot(boot, of: rig.device)
                    outcome = nil
                } catch {
                    outcome = error
                }
                #expect((outcome == nil) == (count == 2), "\(status)")
                #expect(rig.lines.filter { $0.hasPrefix("PATCH") }.count == count)
            }
        }
    }

    @Test("lets a caller go who no longer wants to wait")
    func cancelled() async throws {
        let server = try TestServer { _ in
            .answer(503, headers: ["Retry-After": "1000000"])
        }
        defer { server.stop() }
        let provider = RedfishProvider(
            http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            timeouts: RedfishTimeouts(request: .seconds(9_000_000), patience: .seconds(9_000_000)),
            time: QuickTime())
        let look = Task { try await provider.observe(Device(name: "d", bmc: server.url)) }
        await server.wait { $0.requests.count == 1 }
        look.cancel()
        let error = await #expect(throws: ProviderError.self) { try await look.value }
        #expect(error?.kind == .unreachable)
    }

    @Test("now and then is asked again each time", arguments: [Dialect.rateLimit])
    func rateLimit(_ dialect: Dialect) async throws {
        try await SessionRig.with([dialect]) { rig in
            for _ in 0..<20 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.statistics.mostSessions == 1)
            #expect(rig.time.pauses.allSatisfy { $0 == .milliseconds(250) })
        }
    }
}

@Suite("Retry-After")
struct RetryAfterTests {
    private static let table: [(HTTPHeaders, Duration?)] = [
        (["Retry-After": "120"], .seconds(120)),
        (["retry-after": " 7 "], .seconds(7)),
        (["Retry-After": "0"], .zero),
        (["Retry-After": "99999999999999999999"], .seconds(365 * 24 * 3600)),
        (["Retry-After": "Fri, 15 Jan 2027 08:00:30 GMT"], .seconds(30)),
        (["Retry-After": "Friday, 15-Jan-27 08:00:30 GMT"], .seconds(30)),
        (["Retry-After": "Fri Jan 15 08:00:30 2027"], .seconds(30)),
        (["Retry-After": "Fri, 15 Jan 2027 07:00:30 GMT"], .zero),
        (
            [
                "Date": "Thu, 01 Jan 1970 00:01:00 GMT",
                "Retry-After": "Thu, 01 Jan 1970 00:01:05 GMT",
            ], .seconds(5)
        ),
        (["Retry-After": "soon"], nil), (["Retry-After": ""], nil), (["Retry-After": "-1"], nil),
        (["Retry-After": "Fri, 15 Foo 2027 08:00:30 GMT"], nil), ([:], nil),
    ]

    @Test("is a number of seconds, or a date by the BMC's own clock", arguments: table)
    func pause(headers: HTTPHeaders, expected: Duration?) {
        // 15 January 2027, 08:00:00 GMT.
        #expect(RetryAfter.pause(in: headers, now: QuickTime().date) == expected)
    }
}
