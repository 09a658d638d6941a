import Core
import StateFile
import Foundation
import HTTPClient
import Processes
import Simulator
import Testing

@testable import rackpool

@Suite(.timeLimit(.minutes(5))) struct ServingTests {
    @Test("500 provisions at once get 500 devices; one more gets one clear error")
    func fiveHundred() async throws {
        try await Rig.with(500) { rig in
            let daemon = try await rig.start()
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<500 { group.addTask { try await rig.provisionPatiently() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(ids.map { $0.drop { $0 != "-" } }).count == 500)
            #expect(Set(try await rig.described()) == Set(ids))
            try await rig.waitUntilPoweredOn(Set(ids.map(Rig.device)))
            await #expect {
                _ = try await rig.provision()
            } throws: { error in
                "\(error)" == "no device to claim: 500 devices: 500 claimed"
            }
            #expect(rig.rack.bmcs.allSatisfy { $0.statistics.mostRequestsInFlight <= 1 })
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a BMC that takes 30 s to power on: answered in time, described at once, active later")
    func slow() async throws {
        try await Rig.with(1) { rig in
            rig.rack.bmcs[0].systems[0].setPowerDelay(.seconds(30))
            let daemon = try await rig.start()
            let start = ContinuousClock.now
            let id = try await rig.provision()
            #expect(ContinuousClock.now - start < .seconds(15))
            #expect(try await rig.described() == [id])
            #expect(try state(of: id, rig) == .starting(.starting))
            try await daemon.wait(for: "r1u01 is on")
            #expect(try state(of: id, rig) == .running)
            #expect(rig.poweredOn == ["r1u01"])
            await daemon.end(with: SIGTERM)
        }
    }

    private func state(of id: String, _ rig: Rig) throws -> ClaimState? {
        let state = try StateInspection(path: rig.home + "/state/rackpool.json")
        return state.records.first { $0.claim?.id == id }?.claim?.state
    }

    @Test("SIGTERM lets running calls finish, then removes the socket and the pid file")
    func shutdown() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.start()
            let gate = rig.rack.bmcs[0].hold(where: {
                $0.method == "POST" && $0.path.hasSuffix("ComputerSystem.Reset")
            })
            let call = Task { try await rig.provision() }
            _ = await gate.arrival()
            daemon.send(SIGTERM)
            gate.open()
            let outcome = await call.result
            await daemon.waitForEnd()
            #expect((try? outcome.get()) == "zzzzzzzy-r1u01", "\(outcome): \(daemon.output)")
            let left = try FileManager.default.contentsOfDirectory(atPath: rig.home + "/plugins")
            #expect(left.isEmpty)
        }
    }

    @Test("a second daemon on the same state is told which process to stop")
    func twice() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.start()
            let second = try rig.spawn(["--inventory", rig.home + "/inventory.yaml"])
            await second.waitForEnd()
            let pid = try String(
                contentsOfFile: rig.home + "/plugins/rackpool.pid", encoding: .utf8)
            #expect(second.output.contains("rackpool.json is in use by process \(pid)"))
            #expect(try await rig.described().isEmpty)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a second daemon that comes to the same state by another name of the file is refused")
    func twiceThroughALink() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.start()
            let id = try await rig.provision()
            let link = rig.home + "/link.json"
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: rig.home + "/state/rackpool.json")
            let second = try rig.spawn([
                "--inventory", rig.home + "/inventory.yaml", "--name", "other", "--state", link,
            ])
            await second.waitForEnd()
            let pid = try String(
                contentsOfFile: rig.home + "/plugins/rackpool.pid", encoding: .utf8)
            #expect(second.output.contains("rackpool.json is in use by process \(pid)"))
            #expect(!second.output.contains("serving"))
            #expect(try await rig.described() == [id])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("an unreadable state file stops the start with line and column, and stays")
    func unreadable() async throws {
        try await Rig.with(1) { rig in
            let path = rig.home + "/state.json"
            try "{\"Instances\":[\n{\"ID\":}]}".write(
                toFile: path, atomically: true, encoding: .utf8)
            let daemon = try rig.spawn([
                "--inventory", rig.home + "/inventory.yaml", "--state", path,
            ])
            await daemon.waitForEnd()
            #expect(daemon.output.contains("state.json:2:"))
            #expect(
                try String(contentsOfFile: path, encoding: .utf8) == "{\"Instances\":[\n{\"ID\":}]}"
            )
        }
    }

    @Test("a state file of InfraKit-Instance-C is served: described, and destroyable")
    func adopted() async throws {
        try await Rig.with(1) { rig in
            let path = rig.home + "/c.json"
            try
                #"{"Provider":{},"Instances":[{"ID":"InfraKit-7","LogicalID":null,"Tags":{"infrakit.group":"g"}}],"NonFunctional":[]}"#
                .write(toFile: path, atomically: true, encoding: .utf8)
            let daemon = try await rig.start(["--state", path])
            #expect(try await rig.described() == ["InfraKit-7"])
            try await rig.destroy("InfraKit-7")
            #expect(try await rig.described().isEmpty)
            await daemon.end(with: SIGTERM)
            let file = try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(file["Instances"] == [])
        }
    }

    @Test("a bad inventory stops the start with every mistake")
    func badInventory() async throws {
        try await Rig.with(1) { rig in
            let path = rig.home + "/bad.yaml"
            try "devices:\n  - {name: a, bmc: 'ftp://x'}\n  - {nmae: b, bmc: 'https://192.0.2.1'}\n"
                .write(toFile: path, atomically: true, encoding: .utf8)
            let daemon = try rig.spawn(["--inventory", path])
            await daemon.waitForEnd()
            #expect(daemon.output.contains("bad.yaml:2: devices[0].bmc:"))
            #expect(daemon.output.contains("did you mean \"name\"?"))
        }
    }

    @Test("with --listen the plugin is found by its .listen file")
    func listen() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.start(["--listen", "127.0.0.1:0", "--name", "metal"])
            let address = try String(
                contentsOfFile: rig.home + "/plugins/metal.listen", encoding: .utf8)
            #expect(address.hasPrefix("tcp://127.0.0.1:"))
            let response = try await rig.http.send(
                HTTPRequest(
                    url: address.replacingOccurrences(of: "tcp://", with: "http://")
                        + "/info/functions.json"))
            #expect(response.status == 200)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a mistake on the command line is answered with what to type")
    func usage() async throws {
        try await Rig.with(1) { rig in
            for (arguments, text) in [
                ([], "Give --inventory FILE, or --simulate N"),
                (["--inventory", "a", "--simulate", "1"], "not both"),
                (["--simulate", "1", "--log", "9"], "--log"),
                (["--simulate", "1", "--simulate-power-delay", "5"], "--simulate-power-delay"),
            ] {
                let daemon = try rig.spawn(arguments)
                await daemon.waitForEnd()
                #expect(daemon.output.contains(text))
            }
            let version = try rig.spawn(["version"])
            await version.waitForEnd()
            #expect(version.output == "rackpool 0.1.0 (InfraKit instance SPI 0.6.1)\n")
        }
    }

    @Test("no password is found in logs, state or answers")
    func secrets() async throws {
        try await Rig.with(1) { rig in
            var text = try String(contentsOfFile: rig.home + "/inventory.yaml", encoding: .utf8)
            #expect(text.contains("\"pass\""))
            text = text.replacingOccurrences(of: "\"pass\"", with: "\"hush-hush\"")
            try text.write(toFile: rig.home + "/inventory.yaml", atomically: true, encoding: .utf8)
            let daemon = try await rig.start(["--log", "5"])
            await #expect {
                _ = try await rig.provision()
            } throws: { error in
                !"\(error)".contains("hush")
            }
            try await daemon.wait(for: "401")
            await daemon.end(with: SIGTERM)
            for file in try FileManager.default.contentsOfDirectory(atPath: rig.home + "/state") {
                let text = try String(
                    contentsOfFile: rig.home + "/state/" + file, encoding: .utf8)
                #expect(!text.contains("hush"), "\(file)")
            }
            #expect(!daemon.output.contains("hush"))
        }
    }
}
