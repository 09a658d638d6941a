import Core
import IPMIWire
import Locking
import Logging
import Testing

@testable import IPMI

@Suite struct LineEventTests {
    @Test("what happens to a session is told once: opened, lost, opened again, closed")
    func events() {
        var rig = LineRig()
        rig.ask()
        #expect(rig.events == [.opened(.sha256, isAgain: false)])
        rig.bmc.dropSession()
        rig.advance(by: .seconds(20))
        let id = rig.ask()
        _ = rig.finish(id)
        #expect(rig.events.count == 3)
        guard case .lost("ask", let quiet)? = rig.events.dropFirst().first else {
            Issue.record("not lost: \(rig.events)")
            return
        }
        #expect(quiet > .seconds(20) && quiet < .seconds(23))
        #expect(rig.events.last == .opened(.sha256, isAgain: true))
        rig.close()
        #expect(rig.events.count == 4 && rig.events.last == .closed)
    }

    @Test("another refusal is news, and so is one after a session was lost")
    func otherRefusal() {
        var rig = LineRig()
        rig.ask()
        rig.bmc.dropSession()
        rig.bmc.userKey = Array("other".utf8)
        rig.advance(by: .seconds(20))
        _ = rig.finish(rig.ask())
        #expect(rig.events.last == .refused(.session(.wrongPassword), isNews: true))
        rig.advance(by: .seconds(60))
        rig.bmc.shortages = 5
        _ = rig.finish(rig.ask())
        #expect(
            rig.events.last
                == .refused(
                    .session(.refused(step: "open session", .outOfResources)), isNews: true))
    }

    @Test("a refusal is news once, until a session comes about")
    func refusals() {
        var rig = LineRig()
        rig.bmc.shortages = 15
        let refusal = IPMIFailure.session(.refused(step: "open session", .outOfResources))
        for _ in 0..<3 {
            let id = rig.ask()
            #expect(rig.finish(id)?.failure == refusal)
        }
        #expect(
            rig.events == [
                .refused(refusal, isNews: true), .refused(refusal, isNews: false),
                .refused(refusal, isNews: false),
            ])
        rig.ask()
        #expect(rig.events.last == .opened(.sha256, isAgain: true))
    }

    @Test("a dead BMC and credentials that are not tried again are told once, too")
    func silence() {
        var rig = LineRig()
        rig.bmc.isSilent = true
        _ = rig.finish(rig.ask())
        guard case .refused(.silent, isNews: true)? = rig.events.first else {
            Issue.record("not told: \(rig.events)")
            return
        }
        var wrong = LineRig()
        wrong.bmc.userKey = Array("other".utf8)
        for _ in 0..<3 { _ = wrong.finish(wrong.ask()) }
        #expect(wrong.events == [.refused(.session(.wrongPassword), isNews: true)])
    }

    @Test("the log names the BMC as the inventory does; what repeats itself is for debugging")
    func log() {
        let log = RecordedLog()
        let endpoint = IPMIEndpoint(host: "10.0.1.7")
        for event: LineEvent in [
            .opened(.sha256, isAgain: false), .lost(step: "ask", quiet: .milliseconds(62_400)),
            .refused(.session(.wrongPassword), isNews: true),
            .refused(.session(.wrongPassword), isNews: false), .opened(.sha1, isAgain: true),
            .closed,
        ] {
            event.log(to: log.logger, bmc: endpoint)
        }
        let lines = log.lines
        #expect(lines.map(\.level) == [.debug, .notice, .notice, .debug, .notice, .debug])
        #expect(lines.allSatisfy { $0.bmc == "ipmi://10.0.1.7" })
        #expect(lines[1].text.contains("no answer to ask, and no packet in it for 62s"))
        #expect(lines[2].text.hasPrefix("opening an IPMI session refused: the password is wrong"))
        #expect(lines[4].text == "IPMI session opened again, cipher suite 3")
        #expect(IPMIEndpoint(host: "::1", port: 6230).description == "ipmi://[::1]:6230")
    }
}

/// Keeps what is logged.
final class RecordedLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let text: String
        let bmc: String?
    }

    private let kept = Mutex<[Line]>([])

    var lines: [Line] { kept.withLock { $0 } }

    var logger: Logger {
        Logger(label: "recorded") { _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.kept.withLock {
                $0.append(
                    Line(
                        level: event.level, text: "\(event.message)",
                        bmc: event.metadata?["bmc"].map { "\($0)" }))
            }
        }
    }
}
