import ArgumentParser
import Core
import Foundation
import StateFile
import Testing

@testable import rackpool

@Suite struct StateRepairTests {
    private func withState(_ text: String, _ body: (_ path: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-repair-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { do { try FileManager.default.removeItem(at: folder) } catch {} }
        let file = folder.appendingPathComponent("rackpool.json")
        try text.write(to: file, atomically: false, encoding: .utf8)
        try body(file.path)
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    private func hasRepaired(_ path: String) -> Bool {
        FileManager.default.fileExists(
            atPath: path.replacingOccurrences(of: ".json", with: ".repaired.json"))
    }

    @Test(
        "what a newer release wrote, what is no state, and what holds nothing, is not repaired",
        arguments: [
            #"{"Provider":{"Format":4},"Instances":[{"ID":"a"}],"NonFunctional":[]}"#,
            #"{"name":"web","version":"1.0.0"}"#, "",
        ])
    func refused(_ text: String) throws {
        try withState(text) { path in
            #expect(throws: (any Error).self) { try StateRepairCommand.parse([path]).run() }
            #expect(throws: ExitCode(1)) { try StateCheckCommand.parse([path]).run() }
            #expect(!hasRepaired(path))
        }
    }

    @Test("of a one-line file with an odd entry the others are saved")
    func oneLine() throws {
        let text =
            #"{"Provider": {}, "Instances": [{"ID": "a", "LogicalID": null, "Tags": {}}, {"ID": 7}], "NonFunctional": []}"#
        try withState(text) { path in
            try StateRepairCommand.parse([path]).run()
            let repaired = path.replacingOccurrences(of: ".json", with: ".repaired.json")
            let state = try StateInspection(path: repaired)
            #expect(state.records.compactMap(\.claim?.id) == ["a"])
        }
    }

    @Test("a table of the state shows machines, and nothing that a terminal would act upon")
    func shown() throws {
        let text =
            #"{"Provider":{"Format":3,"Devices":{"c":{"Cordon":{"Since":"2026-11-21T08:20:57Z","Reason":"dust\u001b[2J"}}}},"Instances":[{"ID":"a","LogicalID":null,"Tags":{"infrakit.group":"g\n"},"Device":"d","State":"running","Machine":{"Provider":"redfish","BMC":"https://10.0.0.1","System":"Node0","SerialNumber":"ABC123"}}],"NonFunctional":[]}"#
        try withState(text) { path in
            let rows = TextTable.lines(StateShowCommand.rows(of: try StateInspection(path: path)))
            #expect(rows.contains { $0.contains("serial ABC123 at https://10.0.0.1 Node0") })
            #expect(rows.contains { $0.contains("running") && $0.contains("g\\n") })
            #expect(rows.contains { $0.contains("cordoned") && $0.contains("dust\\u{1b}[2J") })
        }
    }
}
