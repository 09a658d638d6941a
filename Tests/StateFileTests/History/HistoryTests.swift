import Foundation
import Logging
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct HistoryTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/history.jsonl"
    }

    private func open(limit: Int = 50) throws -> FileHistory {
        try FileHistory(
            path: path, files: SystemFiles(), limit: limit, logger: Logger(label: "test"))
    }

    private static func event(_ number: Int, of device: String = "d01") -> HistoryEvent {
        HistoryEvent(
            date: Date(timeIntervalSince1970: 1_800_000_000 + Double(number)), device: device,
            instance: number.isMultiple(of: 2) ? "i\(number)" : nil, kind: .failed,
            cause: "PSU \(number): \"lost\"\n")
    }

    private func lineCount() throws -> Int {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
    }

    @Test("what happened survives a restart, a device apart from the other")
    func survives() async throws {
        let history = try open()
        for number in 1...4 { history.append(Self.event(number)) }
        history.append(Self.event(5, of: "d02"))
        #expect(history.events(of: "d01") == (1...4).map { Self.event($0) })
        await history.close()
        let next = try open()
        #expect(next.events(of: "d01") == (1...4).map { Self.event($0) })
        #expect(next.events(of: "d02") == [Self.event(5, of: "d02")])
        #expect(next.events(of: "d03").isEmpty)
    }

    @Test("a device's latest events push out its oldest, and no other device's")
    func bounded() async throws {
        let history = try open(limit: 3)
        history.append(Self.event(0, of: "d02"))
        for number in 1...10 { history.append(Self.event(number)) }
        await history.close()
        for kept in [history, try open(limit: 3)] {
            #expect(kept.events(of: "d01") == (8...10).map { Self.event($0) })
            #expect(kept.events(of: "d02").count == 1)
        }
    }

    @Test("a last line that a crash cut short is left out, and what follows is kept")
    func torn() async throws {
        let history = try open()
        for number in 1...3 { history.append(Self.event(number)) }
        await history.close()
        let bytes = try Data(contentsOf: URL(filePath: path))
        for cut in 1..<40 {
            try bytes.dropLast(cut).write(to: URL(filePath: path))
            let next = try open()
            let kept = cut == 1 ? 3 : 2
            #expect(next.events(of: "d01") == (1...kept).map { Self.event($0) })
            next.append(Self.event(9))
            await next.close()
            #expect(try open().events(of: "d01").last == Self.event(9), "cut by \(cut)")
        }
    }

    @Test("lines that make no sense are left out")
    func nonsense() throws {
        let good = String(decoding: Self.event(2).json.encoded(), as: UTF8.self)
        try "nonsense\n{}\n[1]\n\u{0}\n\(good)\n{\"Date\":1}\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(try open().events(of: "d01") == [Self.event(2)])
    }

    @Test("the file is rewritten without what was pushed out when it has grown")
    func compacted() async throws {
        let history = try open(limit: 5)
        for block in 0..<30 {
            for number in 0..<100 { history.append(Self.event(block * 100 + number)) }
            await history.close()
            #expect(try lineCount() <= 1110)
        }
        #expect(try open(limit: 5).events(of: "d01") == (2995..<3000).map { Self.event($0) })
    }

    @Test("the pool keeps what happened to a device, with the cause")
    func pool() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(2, of: synchroniser)
        rig.provider.setHealth(.ok, of: "d01")
        await rig.rounds(2, of: synchroniser)
        try await rig.destroy(id)
        let events = await rig.pool.history(of: "d01")
        #expect(events.map(\.kind) == [.claimed, .started, .failed, .recovered, .released])
        #expect(
            events.map(\.cause) == [
                "for group g", "seen on", "PSU 2: input lost", "healthy again", "powered off",
            ])
        #expect(events.allSatisfy { $0.instance == id && $0.device == "d01" })
    }
}
