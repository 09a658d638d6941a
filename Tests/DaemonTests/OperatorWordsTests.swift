import Core
import Foundation
import InfraKit
import Processes
import Simulator
import Testing

@testable import rackpool

/// What an operator says of claims: release, forget, replace; and who it was.
@Suite(.timeLimit(.minutes(5))) struct OperatorWordsTests {
    @Test("release ends a claim as a destroy does, by its device or its ID, and says who did it")
    func release() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            let (first, second) = (try await rig.provision(), try await rig.provision())
            let outcome = try await rig.command("release", Rig.device(of: first), second)
            #expect(outcome.code == 0)
            #expect(outcome.lines.first?.hasPrefix("\(first) is released as soon as") == true)
            try await rig.client.waitUntilGone([first, second])
            #expect(rig.poweredOn.isEmpty)
            let history = try await rig.command("history", Rig.device(of: first))
            #expect(history.text.contains("released by "))
            #expect(history.text.contains(" (process "))
            let nothing = try await rig.command("release", "r1u01")
            #expect(nothing.code == 1 && nothing.text.contains("r1u01 is not claimed"))
            let unknown = try await rig.command("release", "r1u0l")
            #expect(unknown.code == 1 && unknown.text.contains("did you mean r1u0"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "forget tells what would be given up, and does it only when the machine is said to be lost")
    func forget() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            let device = Rig.device(of: id)
            await (try rig.bmc(of: id)).unplug()
            let asked = try await rig.command("forget", device)
            #expect(asked.code == 1)
            #expect(asked.text.contains("\(id) of group g is running on \(device)"))
            #expect(asked.text.contains("rackpool forget \(id) --lost"))
            #expect(try await rig.described() == [id])
            let done = try await rig.command("forget", device, "--lost")
            #expect(done.code == 0 && done.text.contains("was not confirmed off"))
            #expect(try await rig.described().isEmpty)
            let history = try await rig.command("history", device)
            #expect(history.text.contains("forgotten"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a replaced server is non-functional until it is uncordoned, and then at the front")
    func replace() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.startUnclocked()
            let old = try await rig.provision()
            let device = Rig.device(of: old)
            try await rig.sync()
            let outcome = try await rig.command("replace", device, "--reason", "disk 3 clicks")
            #expect(outcome.code == 0)
            #expect(outcome.text == "\(device) is to be replaced, until it is uncordoned\n")
            #expect(try await rig.described().isEmpty)
            let new = try await rig.provision()
            try await rig.sync(4)
            #expect(try await rig.described() == [new])
            let status = try await rig.status(of: device)
            #expect(status["Pool"] == "nonFunctional" && status["State"] == "failed")
            #expect(status["Reasons"]?[0]?.string?.hasSuffix("disk 3 clicks") == true)
            #expect(try await rig.command("uncordon", device).code == 0)
            try await rig.sync(until: { try await rig.described().count == 2 })
            #expect(try await rig.described() == [old, new])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("over TCP operators' methods are off, InfraKit's are not, and an open port is warned of")
    func guarded() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.start(["--listen", "127.0.0.1:0", "--interval", "1h"])
            try await daemon.wait(for: "TCP has no authentication")
            let off = try await rig.command("devices")
            #expect(off.code == 1 && off.text.contains("--operator-over-tcp"))
            let forced = try await rig.command("power", "on", "r1u01", "--force")
            #expect(forced.code == 1 && rig.poweredOn.isEmpty)
            await daemon.end(with: SIGTERM)
            let local = try await rig.start([
                "--listen", "127.0.0.1:0", "--operator-over-tcp", "--interval", "1h",
            ])
            #expect(try await rig.command("cordon", "r1u01").code == 0)
            #expect(local.output.contains("cordoned by 127.0.0.1 port "))
            await local.end(with: SIGTERM)
        }
    }

    @Test(
        "from other machines a port is reached with a token alone, which commands take from its file"
    )
    func token() async throws {
        try await Rig.with(1) { rig in
            let refused = try rig.spawn([
                "--inventory", rig.home + "/inventory.yaml", "--listen", "0.0.0.0:0",
            ])
            await refused.waitForEnd()
            #expect(refused.output.contains("give a token (--listen-token-file FILE)"))
            let (file, other) = (rig.home + "/token", rig.home + "/other")
            for (path, text) in [(file, "0123456789abcdef"), (other, "fedcba9876543210")] {
                #expect(
                    FileManager.default.createFile(
                        atPath: path, contents: Data(text.utf8),
                        attributes: [.posixPermissions: 0o600]))
            }
            let daemon = try await rig.start([
                "--listen", "0.0.0.0:0", "--listen-token-file", file, "--operator-over-tcp",
                "--interval", "1h",
            ])
            try await daemon.wait(for: "TCP has no encryption")
            let none = try await rig.command("devices")
            #expect(none.code == 1 && none.text.contains("give --token-file"))
            let wrong = try await rig.command("devices", "--token-file", other)
            #expect(wrong.code == 1 && wrong.text.contains("has another token than the file"))
            #expect(try await rig.command("cordon", "r1u01", "--token-file", file).code == 0)
            try await daemon.wait(for: "with the token)")
            #expect(!daemon.output.contains("0123456789abcdef"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("what others write stays in its line, in the log, the tables and the history")
    func foreignText() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision(group: "a\u{1B}[31m\nr1u02 \u{202E}b\u{9B}2J")
            let told = #"a\u{1b}[31m\nr1u02 \u{202e}b\u{9b}2J"#
            try await daemon.wait(for: "\(id): claimed for \(told)")
            let table = try await rig.command("devices")
            #expect(table.lines.count == 2 && table.lines[1].contains(told))
            let json = try await rig.command("devices", "--json")
            #expect(json.text.contains(#""a\u001b[31m\nr1u02 \u202eb\u009b2J""#))
            _ = try await rig.command("cordon", "r1u01", "--reason", "x\r\u{1B}]0;y\u{7}")
            let history = try await rig.command("history", "r1u01")
            #expect(history.text.contains(#"x\r\u{1b}]0;y\u{7}"#))
            #expect(history.text.contains("for group \(told)"))
            let refused = try await rig.command("power", "off", "r1u01")
            #expect(refused.text.contains("of group \(told)"))
            let outputs = [daemon.output, table.text, json.text, history.text, refused.text]
            #expect(outputs.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\u{202E}") })
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("what there was not to do is not said to be done")
    func nothingToDo() async throws {
        try await Rig.with(1) { rig in
            try FileManager.default.createDirectory(
                atPath: rig.home + "/state", withIntermediateDirectories: true)
            try #"{"Provider":{},"Instances":[{"ID":"InfraKit-7","LogicalID":null,"Tags":{}}]}"#
                .write(
                    toFile: rig.home + "/state/rackpool.json", atomically: true, encoding: .utf8)
            let daemon = try await rig.startUnclocked()
            let uncordon = try await rig.command("uncordon", "r1u01")
            #expect(uncordon.code == 0 && uncordon.text == "r1u01 was not cordoned\n")
            #expect(!daemon.output.contains("uncordoned"))
            #expect(try await rig.command("cordon", "r1u01").code == 0)
            let second = try await rig.command("uncordon", "r1u01")
            #expect(second.text == "r1u01 is not cordoned any more\n")
            let released = try await rig.command("release", "InfraKit-7")
            #expect(released.code == 0)
            #expect(
                released.text
                    == "InfraKit-7 is released: it named no device, so that nothing was powered off\n"
            )
            #expect(try await rig.described().isEmpty)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("what an operator has switched on is found running, and not called somebody else's")
    func switchedOn() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startUnclocked()
            #expect(try await rig.command("power", "on", "r1u01").code == 0)
            try await rig.sync()
            try await daemon.wait(
                for: "r1u01: free, and found running, though no instance lives on it: not touched")
            #expect(!daemon.output.contains("did not start"))
            await daemon.end(with: SIGTERM)
        }
    }
}
