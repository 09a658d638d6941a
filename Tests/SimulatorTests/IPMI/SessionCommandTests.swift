import Core
import IPMIWire
import Randomness
import Testing

@testable import Simulator

@Suite("A simulated BMC, within an IPMI session")
struct SessionCommandTests {
    @Test("a command that is sent again is answered from memory and not carried out again")
    func repeatedCommand() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let data = [ChassisControl.Action.up.rawValue]
        var answers: [TestConsole.Answer] = []
        for _ in 0..<3 {
            let datagram = try console.datagram(0x00, 0x02, data, sequence: 33)
            answers.append(try console.answer(in: bmc.carry(datagram)))
        }
        #expect(answers.map(\.code) == [.ok, .ok, .ok])
        #expect(bmc.state.systems[0].resets == ["On"])
        #expect(bmc.statistics.repeatedRequests == 2)
        #expect(bmc.statistics.powerCommands == 1)
    }

    @Test("a datagram that was taken before, or changed on its way, is dropped")
    func replayed() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let datagram = try console.datagram(0x00, 0x02, [1], sequence: 5)
        for index in datagram.indices {
            var changed = datagram
            changed[index] ^= 0x01
            // Reserved bytes of the RMCP header are not protected.
            if [1, 2].contains(index) { continue }
            #expect(bmc.carry(changed) == nil, "byte \(index)")
        }
        #expect(bmc.state.systems[0].resets.isEmpty)
        #expect(bmc.carry(datagram) != nil)
        #expect(bmc.carry(datagram) == nil)
        #expect(bmc.state.systems[0].resets == ["On"])
    }

    @Test("a command of whatever function that is not known is refused as such")
    func unknown() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        for (function, command) in [(0x06, 0xEE), (0x30, 0x01), (0x2C, 0x00)] as [(UInt8, UInt8)] {
            let answer = try console.perform(function, command, [0x00], bmc.carry)
            #expect(answer == TestConsole.Answer(code: .invalidCommand, data: []))
        }
    }

    @Test("a request that is too short, or makes no sense, is refused as such")
    func malformed() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        #expect(try console.perform(0x00, 0x02, [], bmc.carry).code == .invalidLength)
        #expect(try console.perform(0x00, 0x02, [0x0F], bmc.carry).code == .invalidField)
    }

    @Test("outside of sessions the power is nobody's")
    func bare() throws {
        let bmc = try TestBMC()
        #expect(throws: TestConsole.Refused(code: .insufficientPrivilege)) {
            try TestConsole.ask(ChassisControl(.up), bmc.carry)
        }
        _ = try TestConsole.ask(GetSystemGUID(), bmc.carry)
        #expect(bmc.state.systems[0].resets.isEmpty)
    }

    @Test("another's session is closed by an administrator alone")
    func closingOthers() throws {
        let bmc = try TestBMC {
            $0.ipmi.users = [
                SimulatedIPMIUser(name: "watch", password: Secret("look"), privilege: .user)
            ]
        }
        var admin = try bmc.console { $0.consoleID = 1 }
        var watch = try bmc.console {
            $0.consoleID = 2
            $0.username = "watch"
            $0.password = "look"
            $0.privilege = .user
        }
        let adminsSession = CloseSession(target: .session(admin.sessionID))
        let watchsSession = CloseSession(target: .session(watch.sessionID))
        #expect(try watch.code(of: adminsSession, bmc.carry).code == .insufficientPrivilege)
        #expect(try admin.code(of: watchsSession, bmc.carry).code == .ok)
        #expect(
            try admin.code(of: watchsSession, bmc.carry).code == CloseSession.unknownSession)
    }

    @Test("bytes of any kind change nothing")
    func noise() throws {
        let bmc = try TestBMC()
        _ = try bmc.console()
        var dice = SeededNumbers(seed: 5)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...80, using: &dice)).map { _ in
                UInt8.random(in: 0 ... .max, using: &dice)
            }
            let head: [UInt8] = [0x06, 0x00, 0xFF, 0x07, Bool.random(using: &dice) ? 0x06 : 0x00]
            bytes.replaceSubrange(0..<min(bytes.count, head.count), with: head.prefix(bytes.count))
            _ = bmc.carry(bytes)
        }
        #expect(bmc.statistics.openSessions == 1)
        #expect(bmc.state.systems[0].resets.isEmpty)
    }
}
