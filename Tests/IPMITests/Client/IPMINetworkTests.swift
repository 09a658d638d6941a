import Core
import Foundation
import IPMIWire
import Locking
import NIOCore
import Testing

@testable import IPMI

@Suite(.timeLimit(.minutes(2))) struct IPMINetworkTests {
    /// A clock that a test moves; nobody sleeps by it.
    private final class Clock: TimeSource {
        private let now = Mutex(Duration.zero)

        var uptime: Duration { now.withLock { $0 } }
        var date: Date { Date(timeIntervalSince1970: 0) }

        func sleep(for duration: Duration) async throws {}

        func advance(by duration: Duration) { now.withLock { $0 += duration } }
    }

    /// On a busy machine an answer may take long, and a question asked again would be counted.
    private static let patient: IPMITiming = {
        var timing = IPMITiming()
        timing.firstTimeout = .seconds(20)
        timing.longestTimeout = .seconds(20)
        return timing
    }()

    private func with(
        _ time: any TimeSource = SystemTime(), timing: IPMITiming = Self.patient,
        _ body: (IPMINetwork) async throws -> Void
    ) async throws {
        let network = IPMINetwork(timing: timing, time: time)
        do {
            try await body(network)
        } catch {
            await network.shutdown()
            throw error
        }
        await network.shutdown()
    }

    private func device(
        _ bmc: String, username: String = "ADMIN", password: String = "ADMIN123",
        ipmi: IPMIOptions = IPMIOptions()
    ) -> Device {
        Device(
            name: "r1u01", provider: "ipmi", bmc: bmc,
            credentials: Credentials(username: username, password: Secret(password)), ipmi: ipmi)
    }

    @Test("a device's BMC answers, by address and by name", arguments: ["127.0.0.1", "localhost"])
    func answers(host: String) async throws {
        try await LoopbackBMC.with { bmc in
            try await with { network in
                let line = try network.line(to: device("ipmi://\(host):\(bmc.port)"))
                #expect(try await line.perform(Ask(byte: 3)).byte == 3)
                #expect(await network.sessionCount == 1)
            }
            // Shutting down closed the session.
            #expect(bmc.withBMC { $0.closings } == 1)
        }
    }

    @Test(
        "IPv6 is spoken as well",
        .enabled(if: LoopbackBMC.hasVersion6, "SKIPPED: this machine has no address ::1"))
    func version6() async throws {
        try await LoopbackBMC.with(host: "::1") { bmc in
            try await with { network in
                let line = try network.line(to: device("ipmi://[::1]:\(bmc.port)"))
                #expect(try await line.perform(Ask(byte: 4)).byte == 4)
            }
        }
    }

    @Test("whoever asks at one time shares one session and gets the right answer")
    func concurrent() async throws {
        try await LoopbackBMC.with { bmc in
            try await with { network in
                let line = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for byte in UInt8(0)..<100 {
                        group.addTask { try await line.perform(Ask(byte: byte)).byte == byte }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
                #expect(bmc.withBMC { $0.proposals.count } == 1)
            }
        }
    }

    @Test("a completion code is a refusal, and an answer without its data malformed")
    func codes() async throws {
        try await LoopbackBMC.with { bmc in
            try await with { network in
                let line = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                bmc.withBMC { $0.codes = [.insufficientPrivilege] }
                await #expect(throws: IPMIFailure.refused(command: "ask", .insufficientPrivilege)) {
                    try await line.perform(Ask())
                }
                bmc.withBMC { $0.isTerse = true }
                await #expect(
                    throws: IPMIFailure.malformed(command: "ask", .truncated("byte"))
                ) {
                    try await line.perform(Ask())
                }
            }
        }
    }

    @Test("a wrong password is said to be one, and not tried again at once")
    func password() async throws {
        try await LoopbackBMC.with { bmc in
            try await with { network in
                let line = try network.line(
                    to: device("ipmi://127.0.0.1:\(bmc.port)", password: "wrong"))
                await #expect(throws: IPMIFailure.session(.wrongPassword)) {
                    try await line.perform(Ask())
                }
                // On a busy machine the name was asked for again.
                let namings = bmc.withBMC { $0.namings }
                do throws(IPMIFailure) {
                    _ = try await line.perform(Ask())
                    Issue.record("accepted")
                } catch {
                    guard case .heldBack(.wrongPassword, _) = error else {
                        Issue.record(error)
                        return
                    }
                }
                #expect(bmc.withBMC { $0.namings } == namings)
            }
        }
    }

    @Test("a BMC that says nothing is given up, and whoever cancels does not wait for it")
    func silence() async throws {
        var timing = IPMITiming()
        timing.firstTimeout = .milliseconds(10)
        timing.longestTimeout = .milliseconds(10)
        try await LoopbackBMC.with { bmc in
            bmc.withBMC { $0.isSilent = true }
            try await with(timing: timing) { network in
                let line = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                await #expect(
                    throws: IPMIFailure.silent(
                        step: "presence", attempts: 8, mayHaveActed: false)
                ) {
                    try await line.perform(Ask())
                }
            }
            // By this clock nothing is ever due.
            try await with(Clock()) { network in
                let line = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                let task = Task { () async -> IPMIFailure? in
                    do throws(IPMIFailure) {
                        _ = try await line.perform(Ask())
                        return nil
                    } catch {
                        return error
                    }
                }
                task.cancel()
                #expect(await task.value == .cancelled(mayHaveActed: false))
            }
        }
    }

    @Test("an idle session is closed by the clock, and a lost answer asked for again")
    func clock() async throws {
        let clock = Clock()
        try await LoopbackBMC.with { bmc in
            try await with(clock) { network in
                let line = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                _ = try await line.perform(Ask())
                #expect(await network.sessionCount == 1)
                clock.advance(by: .seconds(46))
                await network.tick()
                #expect(await network.sessionCount == 0)
                #expect(try await line.perform(Ask(byte: 8)).byte == 8)
                #expect(bmc.withBMC { $0.closings } == 1)
            }
        }
    }

    @Test("forgetting a device closes its session, and refused credentials are tried again")
    func forget() async throws {
        try await LoopbackBMC.with { bmc in
            try await with { network in
                let wrong = device("ipmi://127.0.0.1:\(bmc.port)", password: "wrong")
                let line = try network.line(to: wrong)
                for _ in 0..<2 {
                    await #expect(throws: IPMIFailure.session(.wrongPassword)) {
                        try await line.perform(Ask())
                    }
                    await network.forget(wrong)
                }
                let right = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                _ = try await right.perform(Ask())
                await network.forget(wrong)
                #expect(try await right.perform(Ask(byte: 2)).byte == 2)
                #expect(bmc.withBMC { $0.closings } == 1)
                #expect(bmc.withBMC { $0.proposals.count } == 4)
            }
        }
    }

    @Test("shutting down does not wait for a BMC that is silent")
    func silentEnd() async throws {
        try await LoopbackBMC.with { bmc in
            let network = IPMINetwork()
            _ = try await network.line(to: device("ipmi://127.0.0.1:\(bmc.port)")).perform(Ask())
            bmc.withBMC { $0.isSilent = true }
            await network.shutdown()
            #expect(await network.sessionCount == 0)
        }
    }

    @Test("after the end nothing is asked")
    func ended() async throws {
        let network = IPMINetwork()
        let line = try network.line(to: device("ipmi://127.0.0.1:9"))
        await network.shutdown()
        await network.shutdown()
        await #expect(throws: IPMIFailure.closed) { try await line.perform(Ask()) }
    }

    @Test("a name that stands for nothing says so")
    func unresolved() async throws {
        try await with { network in
            let line = try network.line(to: device("ipmi://no-such-host.invalid"))
            do throws(IPMIFailure) {
                _ = try await line.perform(Ask())
                Issue.record("answered")
            } catch {
                guard case .unresolved(host: "no-such-host.invalid", _) = error else {
                    Issue.record(error)
                    return
                }
            }
        }
    }

    @Test("an address that can't be sent to harms no other that shares the socket")
    func unsendable() async throws {
        try await LoopbackBMC.with { bmc in
            try await with { network in
                let line = try network.line(to: device("ipmi://127.0.0.1:\(bmc.port)"))
                _ = try await line.perform(Ask())
                // No socket may send to a broadcast address that did not ask for it.
                let other = try network.line(to: device("ipmi://255.255.255.255"))
                do throws(IPMIFailure) {
                    _ = try await other.perform(Ask())
                    Issue.record("answered")
                } catch {
                    guard case .unsendable(_, isOurs: true) = error else {
                        Issue.record(error)
                        return
                    }
                }
                #expect(try await line.perform(Ask(byte: 9)).byte == 9)
            }
        }
    }

    @Test("what the inventory can't mean is said before a packet is sent")
    func unusable() throws {
        let network = IPMINetwork()
        let long = String(repeating: "x", count: 21)
        let faulty = [
            device("ipmi://h", username: long), device("ipmi://h", password: long),
            device("ipmi://h", ipmi: IPMIOptions(bmcKey: Secret(long))),
            device("ipmi://h", ipmi: IPMIOptions(cipherSuites: [8])),
            device("https://h"), device("ipmi://h:0"), device("ipmi://[::1"),
        ]
        for device in faulty {
            do throws(IPMIFailure) {
                _ = try network.line(to: device)
                Issue.record("taken: \(device.bmc)")
            } catch {
                guard case .unusable(let text) = error else {
                    Issue.record(error)
                    return
                }
                #expect(!text.contains(long))
            }
        }
    }
}
