import Core
import Foundation
import Testing

/// Rackpool against other people's BMCs, which are asked themselves what has become of them.
@Suite(.enabled(if: InteropPeers.environment != nil, InteropPeers.advice), .timeLimit(.minutes(5)))
struct IPMIInteropTests {
    private static func inventory(
        _ address: LoopbackAddress, _ user: IPMIUser = .administrator, _ more: String = ""
    ) -> String {
        """
        devices:
          - name: node-01
            provider: ipmi
            bmc: ipmi://\(address)
            username: \(user.name)
            password: \(user.password)
        \(more.isEmpty ? "" : "    \(more)\n")
        """
    }

    private static let properties: JSON = ["Boot": ["Target": "Pxe"], "Grace": "25s"]

    @Test("ipmi_sim: claimed over PXE, described with its facts, shut down and off again")
    func openIPMI() async throws {
        try await InteropRig.with { rig in
            try await OpenIPMISimulator.with(in: rig.home) { bmc in
                let inventory = Self.inventory(bmc.address)
                try await rig.startDaemon(inventory)
                let id = try #require(try await rig.provision(1, Self.properties).first)
                #expect(try bmc.isOn && bmc.boot == "pxe")
                #expect(bmc.orders.filter { $0.hasPrefix("power") } == ["power 1"])
                #expect(try await rig.described() == [id])

                // Nothing is lost with the daemon, and nothing is done twice.
                await rig.stopDaemon(with: SIGKILL)
                try await rig.startDaemon(inventory)
                #expect(try await rig.described() == [id])

                try await rig.destroy([id])
                #expect(try !bmc.isOn)
                #expect(try await rig.described().isEmpty)
                // A guest that went off may come back: its power is cut all the same.
                #expect(
                    bmc.orders.filter { !$0.hasPrefix("boot") }
                        == ["power 1", "shutdown 1", "power 0"])
                #expect(await !rig.log.contains(IPMIUser.administrator.password))
            }
        }
    }

    @Test("ipmi_sim: what it says of itself is seen")
    func facts() async throws {
        try await InteropRig.with { rig in
            try await OpenIPMISimulator.with(in: rig.home) { bmc in
                try await rig.startDaemon(Self.inventory(bmc.address))
                let id = try #require(try await rig.provision(1, Self.properties).first)
                let metadata = try await rig.metadata(of: "node-01")
                #expect(metadata["Instance"] == .string(id))
                #expect(metadata["Power"] == "On")
                #expect(metadata["Health"] == "ok")
                let facts = try #require(metadata["Facts"])
                #expect(facts["Manufacturer"] == "Peer Works")
                #expect(facts["Model"] == "Server X")
                #expect(facts["SerialNumber"] == "SN-PRODUCT")
            }
        }
    }

    @Test("ipmi_sim: a sensor beyond its critical limit keeps the device from being claimed")
    func health() async throws {
        try await InteropRig.with { rig in
            try await OpenIPMISimulator.with(in: rig.home, celsius: 85) { bmc in
                try await rig.startDaemon(
                    Self.inventory(bmc.address), options: ["--fail-after", "1"])
                try await rig.waitForLog("CPU Temp")
                let metadata = try await rig.metadata(of: "node-01")
                #expect(metadata["Health"] == "critical")
                let reasons = metadata["Reasons"]?.array?.compactMap(\.string) ?? []
                #expect(
                    reasons.contains { $0.contains("CPU Temp") && $0.contains("85") }, "\(reasons)")
                #expect(try !bmc.isOn)
            }
        }
    }

    @Test(
        "ipmi_sim: a wrong password and an unknown user are told apart, and nothing is touched",
        arguments: [
            (IPMIUser(name: "admin", password: "wrong-hush"), "the password is wrong"),
            (IPMIUser(name: "nobody", password: "wrong-hush"), "knows no such user"),
        ])
    func wrongCredentials(user: IPMIUser, text: String) async throws {
        try await InteropRig.with { rig in
            try await OpenIPMISimulator.with(in: rig.home) { bmc in
                try await rig.startDaemon(
                    Self.inventory(bmc.address, user), options: ["--unreachable-after", "1"])
                try await rig.waitForLog(text)
                #expect(try await rig.described().isEmpty)
                #expect(bmc.orders.isEmpty)
                #expect(await !rig.log.contains("hush"))
            }
        }
    }

    @Test("ipmi_sim: a session that may only look claims nothing, and is told what is missing")
    func wrongPrivilege() async throws {
        try await InteropRig.with { rig in
            try await OpenIPMISimulator.with(in: rig.home) { bmc in
                try await rig.startDaemon(
                    Self.inventory(bmc.address, .watcher, "privilege: user"))
                await #expect {
                    _ = try await rig.provision(1, Self.properties)
                } throws: { error in
                    "\(error)".contains("privilege")
                }
                #expect(try !bmc.isOn)
                #expect(try await rig.described().isEmpty)
            }
        }
    }

    @Test("a host that is not there is told with what to check")
    func deadHost() async throws {
        try await InteropRig.with { rig in
            try await rig.startDaemon(
                Self.inventory(.random()), options: ["--unreachable-after", "1"])
            try await rig.waitForLog("nothing answers")
        }
    }

    @Test("fakebmc: claimed over PXE and off again")
    func fakeBMC() async throws {
        try await InteropRig.with { rig in
            try await FakeBMC.with { bmc in
                try await rig.startDaemon(Self.inventory(bmc.address))
                let id = try #require(try await rig.provision(1, Self.properties).first)
                #expect(bmc.isOn)
                #expect(bmc.orders.contains("boot network"))
                #expect(try await rig.described() == [id])
                try await rig.destroy([id])
                #expect(!bmc.isOn)
                #expect(try await rig.described().isEmpty)
            }
        }
    }
}
