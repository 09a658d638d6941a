import IPMIWire
import Simulator
import Testing

@testable import IPMI

@Suite struct KeepAliveTests {
    /// A line that was used at each of these moments, in seconds, and nothing recorded.
    private func rig(usedAt moments: [Int], _ change: (inout SessionBMC) -> Void = { _ in })
        -> LineRig
    {
        var rig = LineRig()
        change(&rig.bmc)
        for moment in moments {
            rig.advance(by: .seconds(moment) - rig.now)
            let id = rig.ask()
            _ = rig.finish(id)
        }
        rig.sent = []
        return rig
    }

    @Test("a session is kept between looks that come every minute, by one question a look")
    func everyMinute() {
        var rig = rig(usedAt: [0, 60])
        // The first pause was not known to be one.
        #expect(rig.bmc.proposals.count == 2)
        for _ in 0..<10 {
            rig.advance(by: .seconds(60))
            #expect(rig.results[rig.ask(Ask(byte: 7))]?.data == [7])
        }
        #expect(rig.bmc.proposals.count == 2)
        #expect(rig.sent.count == 20)
        #expect(rig.bmc.done.count { $0 == GetDeviceID.code } == 10)
    }

    @Test("a BMC that drops sessions after a minute never finds one idle for that long")
    func inTime() {
        var rig = rig(usedAt: [0, 120])
        let end = rig.now + .seconds(110)
        var heard = rig.now
        while rig.now < end {
            let before = rig.bmc.taken
            rig.advance(by: .seconds(1))
            if rig.bmc.taken > before { heard = rig.now }
            #expect(rig.now - heard < .seconds(57))
        }
        #expect(rig.machine.hasSession && rig.bmc.proposals.count == 2)
    }

    @Test(
        "from a simulated BMC, which drops idle sessions after a minute, an hour of looks wants two",
        arguments: [60, 75, 90, 120])
    func simulated(interval: Int) throws {
        var line = try LossyLine(Impairment(), number: 0)
        for _ in 0..<(3600 / interval) {
            let outcome = line.perform(GetChassisStatus())
            #expect(outcome?.failure == nil)
            line.rest(.seconds(interval))
        }
        #expect(line.statistics.sessions == 2)
        #expect(!line.events.contains { if case .lost = $0 { true } else { false } })
        // Nobody asks any more.
        line.rest(.seconds(60))
        #expect(line.statistics.openSessions == 0 && line.machine.isQuiet)
    }

    @Test("looks every thirty seconds keep a session without further ado")
    func everyThirtySeconds() {
        let rig = rig(usedAt: Array(stride(from: 0, through: 600, by: 30)))
        #expect(rig.bmc.proposals.count == 1)
        #expect(!rig.bmc.done.contains(GetDeviceID.code))
    }

    @Test("a session is closed when the look that it was kept for does not come")
    func bounded() {
        var rig = rig(usedAt: [0, 60, 120])
        rig.advance(by: .seconds(89))
        #expect(rig.machine.hasSession && rig.bmc.closings == 1)
        rig.advance(by: .seconds(1))
        #expect(rig.bmc.closings == 2 && rig.machine.isQuiet && rig.machine.due == nil)
        rig.sent = []
        rig.advance(by: .seconds(3600))
        #expect(rig.sent.isEmpty)
    }

    @Test(
        "no session is kept for a use that comes later than two minutes, nor after a single one",
        arguments: [[0], [0, 1, 2, 3], [0, 121], [0, 60, 3600]])
    func seldom(moments: [Int]) {
        var rig = rig(usedAt: moments)
        rig.advance(by: .seconds(45))
        // Nothing was sent but the question to close.
        #expect(!rig.machine.hasSession && rig.sent.count == 1)
    }

    @Test("a BMC whose slots were all taken gets its own back at once")
    func scarce() {
        var rig = rig(usedAt: [0, 60])
        #expect(rig.machine.hasSession)
        rig.close()
        rig.bmc.shortages = 1
        rig.advance(by: .seconds(60))
        let id = rig.ask()
        _ = rig.finish(id)
        #expect(rig.results[id]?.data == [5])
        rig.advance(by: .seconds(45))
        #expect(!rig.machine.hasSession && !rig.bmc.done.contains(GetDeviceID.code))
    }

    @Test("a session that the BMC dropped meanwhile is noticed before it is needed")
    func lost() {
        var rig = rig(usedAt: [0, 60, 120])
        rig.bmc.dropSession()
        rig.advance(by: .seconds(50))
        #expect(!rig.machine.hasSession)
        guard case .lost(GetDeviceID.name, let quiet)? = rig.events.last else {
            Issue.record("not noticed: \(rig.events)")
            return
        }
        #expect(quiet > .seconds(40) && quiet < .seconds(45))
        // The next command meets no silence.
        let before = rig.now
        #expect(rig.results[rig.ask(Ask(byte: 6))]?.data == [6])
        #expect(rig.now == before)
    }

    @Test("a command that comes while the session is tried waits for that, and then opens anew")
    func lostWhileAsking() {
        var rig = rig(usedAt: [0, 60, 120])
        rig.bmc.dropSession()
        rig.advance(by: .milliseconds(40_100))
        let id = rig.ask(Ask(byte: 6))
        let waiting = rig.ask(Ask(byte: 7))
        rig.cancel(waiting)
        #expect(rig.results[id] == nil)
        #expect(rig.finish(id)?.data == [6])
        #expect(rig.bmc.proposals.count == 3)
    }

    @Test("an answer of whatever kind keeps the session, and one of two lost questions too")
    func anyAnswer() {
        var rig = rig(usedAt: [0, 60, 120])
        rig.bmc.codes = [.insufficientPrivilege]
        rig.advance(by: .seconds(59))
        #expect(rig.machine.hasSession)
        _ = rig.ask()
        rig.isLost = { [count = rig.sent.count] in $0 == count + 1 }
        rig.advance(by: .seconds(59))
        #expect(rig.machine.hasSession && rig.bmc.proposals.count == 2)
    }

    @Test("where nothing can be sent the session is given up after a few attempts")
    func unsendable() {
        var rig = rig(usedAt: [0, 60, 120])
        rig.isLost = { _ in true }
        rig.advance(by: .seconds(40))
        let before = rig.sent.count
        for _ in 0..<50 {
            rig.machine.fail(.unsendable("no route", isOurs: true), rig.now)
            rig.advance(by: .milliseconds(100))
        }
        #expect(!rig.machine.hasSession)
        #expect(rig.sent.count - before == 3)
    }
}
