import Core
import Foundation
import Testing

/// That the peers are what the other tests take them for: each is asked by `ipmitool`.
@Suite(.enabled(if: InteropPeers.environment != nil, InteropPeers.advice), .timeLimit(.minutes(5)))
struct IPMIPeerTests {
    @Test("ipmitool steers ipmi_sim's chassis, and reads its sensors and inventory")
    func openIPMI() async throws {
        try await InteropRig.with { rig in
            try await OpenIPMISimulator.with(in: rig.home) { bmc in
                let user = IPMIUser.administrator
                var tool = try await Tool.ipmitool(bmc.address, user: user, "power", "on")
                #expect(tool.status == 0, "\(tool.output)")
                #expect(try bmc.isOn)
                tool = try await Tool.ipmitool(
                    bmc.address, user: user, "chassis", "bootdev", "pxe")
                #expect(try tool.status == 0 && bmc.boot == "pxe", "\(tool.output)")
                tool = try await Tool.ipmitool(bmc.address, user: user, "sdr", "elist")
                #expect(tool.output.contains("42 degrees C"), "\(tool.output)")
                tool = try await Tool.ipmitool(bmc.address, user: user, "fru", "print")
                #expect(tool.output.contains("SN-PRODUCT"), "\(tool.output)")
                tool = try await Tool.ipmitool(bmc.address, user: user, "power", "soft")
                #expect(try tool.status == 0 && !bmc.isOn, "\(tool.output)")
                #expect(bmc.orders == ["power 1", "boot pxe", "shutdown 1"])
            }
        }
    }

    @Test("ipmitool steers fakebmc")
    func fakeBMC() async throws {
        try await FakeBMC.with { bmc in
            let user = IPMIUser.administrator
            let tool = try await Tool.ipmitool(bmc.address, user: user, "power", "on")
            #expect(tool.status == 0 && bmc.isOn, "\(tool.output)")
        }
    }
}
