import Core
import Foundation
import Processes
import SafeFiles
import Simulator
import Testing

@testable import rackpool

/// What others prepared, read or wrote: files, the wire, and words.
@Suite(.timeLimit(.minutes(5))) struct StrangerTests {
    @Test("a pipe for an inventory, a state or a password is refused instead of waited for")
    func pipes() async throws {
        try await Rig.with(1) { rig in
            let pipe = rig.home + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            let inventory = rig.home + "/inventory.yaml"
            for arguments in [
                ["--inventory", pipe], ["--inventory", inventory, "--state", pipe],
                ["state", "show", pipe],
                ["record", "https://h", "--username", "u", "--password-file", pipe, "--out", "x"],
            ] {
                let child = try rig.spawn(arguments)
                await child.waitForEnd()
                #expect(child.output.contains("is a pipe, not a file"), "\(arguments)")
            }
        }
    }

    @Test("a start says once how many passwords go in the clear, and so does a reload")
    func clear() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.start()
            try rig.hangUp()
            try await daemon.wait(for: "read again: 3 devices")
            let warnings = daemon.output.split(separator: "\n").filter {
                $0.contains("3 devices, such as r1u01, are spoken to over http://")
            }
            #expect(warnings.count == 2)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("no key of a session is written, whatever the environment asks for")
    func keys() async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.https = true
        configuration.credentials = Credentials(username: "admin", password: Secret("hush-hush"))
        let rig = try await Rig(configuration)
        let log = rig.home + "/keys.log"
        let secret = rig.home + "/pw"
        try SafeFile.put(Array("hush-hush".utf8), at: secret)
        let child = try ChildProcess(
            Rig.executable,
            [
                "record", rig.rack.bmcs[0].url, "--insecure", "--username", "admin",
                "--password-file", secret, "--out", rig.home + "/out",
            ], environment: ["SSLKEYLOGFILE": log], limit: .seconds(100))
        await child.waitForEnd()
        #expect(FileStatus(at: rig.home + "/out/recording.json") != nil, "\(child.output)")
        #expect(FileStatus(at: log) == nil)
        await rig.end()
    }

    @Test("a simulator writes its password through no link, and into nobody else's folder")
    func simulator() async throws {
        try await Rig.with(0) { rig in
            let out = rig.home + "/rack"
            try SafeFolder.make(out)
            let victim = rig.home + "/victim"
            try SafeFile.create(Array("precious".utf8), at: victim)
            #expect(symlink(victim, out + "/bmc.password") == 0)
            let simulator = try rig.spawn(["simulate", "--count", "1", "--out", out])
            try await simulator.wait(for: "change a server with")
            #expect(try SafeFile.read(victim) == Array("precious".utf8))
            #expect(FileStatus(at: out + "/bmc.password")?.isLink == false)
            await simulator.end()
            #expect(chmod(out, 0o777) == 0)
            let second = try rig.spawn(["simulate", "--count", "1", "--out", out])
            await second.waitForEnd()
            #expect(second.output.contains("another user made or can write to"))
        }
    }

    private static let odd = "\u{1B}[2J\u{9B}31m\u{202E}drow\u{2066}\nNAME"

    @Test("words of others move no cursor and turn no reading direction, wherever they are shown")
    func words() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision(nil, group: "g" + Self.odd)
            let device = Rig.device(of: id)
            _ = try await rig.command("cordon", "r1u01", "r1u02", "--reason", "r" + Self.odd)
            var shown: [String] = []
            for arguments in [
                ["devices"], ["devices", "--json"], ["history", device],
                ["history", device, "--json"], ["replace", device, "--reason", "x" + Self.odd],
                ["sync"], ["power", "status", device], ["audit", device],
                ["release", device], ["cordon", "x" + Self.odd], ["history", "x" + Self.odd],
            ] {
                shown.append(try await rig.command(arguments).text)
            }
            let state = rig.home + "/state/rackpool.json"
            for arguments in [
                ["state", "show", state], ["state", "show", "--json", state],
                ["state", "check", state], ["state", "check", "x" + Self.odd],
                ["replay", "x" + Self.odd], ["inventory", "check", "x" + Self.odd],
                ["record", "http://h/" + Self.odd, "--out", "x"],
            ] {
                let child = try rig.spawn(arguments)
                await child.waitForEnd()
                shown.append(child.output)
            }
            #expect(shown[0].contains("drow") && shown[1].contains("drow"))
            #expect(shown[shown.count - 6].contains("drow"))
            await daemon.end(with: SIGTERM)
            for text in shown + [daemon.output] {
                let raw = text.unicodeScalars.first {
                    $0 != "\n" && !String($0).utf8.elementsEqual(String($0).printable.utf8)
                }
                #expect(raw == nil, "\(text.debugDescription)")
                #expect(!text.contains("\nNAME"))
            }
        }
    }
}
