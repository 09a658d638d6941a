import ArgumentParser
import Core
import Foundation
import Processes
import Testing

@testable import rackpool

@Suite(.timeLimit(.minutes(5))) struct StateCommandTests {
    private func run(_ rig: Rig, _ arguments: [String]) async throws -> String {
        let child = try rig.spawn(["state"] + arguments)
        await child.waitForEnd()
        return child.output
    }

    @Test("the state is shown while the daemon runs, with what only the journal has, and checked")
    func whileRunning() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.start()
            let id = try await rig.provision()
            let path = rig.home + "/state/rackpool.json"
            let table = try await run(rig, ["show"])
            #expect(table.contains(id))
            #expect(table.contains("r1u01"))
            let text = try await run(rig, ["show", "--json", path])
            #expect(try JSON(parsing: text)["Instances"]?[0]?["ID"]?.string == id)
            let verdict = try await run(rig, ["check", path])
            #expect(verdict.contains("\(path): whole: 1 instances, 0 non-functional"))
            try await rig.destroy(id)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("damage is found, keeps the daemon from starting, and is repaired beside the old files")
    func damaged() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.start()
            var ids: [String] = []
            for _ in 0..<3 { ids.append(try await rig.provision()) }
            await daemon.end(with: SIGKILL)
            let folder = rig.home + "/state/"
            let segment = try #require(
                try FileManager.default.contentsOfDirectory(atPath: folder)
                    .first { $0.hasPrefix("rackpool.journal.") })
            var bytes = try Data(contentsOf: URL(fileURLWithPath: folder + segment))
            let place = try #require(bytes.range(of: Data(ids[0].utf8))).lowerBound
            bytes[place] = UInt8(ascii: "?")
            try bytes.write(to: URL(fileURLWithPath: folder + segment))

            let second = try rig.spawn(["--inventory", rig.home + "/inventory.yaml"])
            await second.waitForEnd()
            #expect(second.output.contains("\(segment): at byte "))
            #expect(second.output.contains("rackpool state repair"))
            let verdict = try await run(rig, ["check"])
            #expect(verdict.contains("\(segment): at byte "))
            #expect(throws: ExitCode(1)) {
                try StateCheckCommand.parse([folder + "rackpool.json"]).run()
            }
            let report = try await run(rig, ["repair"])
            #expect(report.contains("is damaged"))
            #expect(report.contains("3 records are saved"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + segment)) == bytes)

            let target = folder + "rackpool.repaired.json"
            try FileManager.default.removeItem(atPath: folder + "rackpool.json")
            try FileManager.default.moveItem(atPath: target, toPath: folder + "rackpool.json")
            let third = try await rig.start()
            #expect(Set(try await rig.described()) == Set(ids))
            await third.end(with: SIGTERM)
        }
    }
}
