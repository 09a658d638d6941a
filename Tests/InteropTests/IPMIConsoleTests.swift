import Core
import Foundation
import Testing

/// Other people's consoles against our simulated BMCs, which speak IPMI and Redfish of the same
/// devices.
@Suite(.enabled(if: InteropPeers.environment != nil, InteropPeers.advice), .timeLimit(.minutes(5)))
struct IPMIConsoleTests {
    @Test("ipmitool, with either cipher suite: the power it sets is seen by Redfish, and back")
    func power() async throws {
        try await ConsoleRig.with { rig in
            for suite in [3, 17] {
                try await rig.ipmitool(suite, "power", "on", writing: "Up/On")
                try await rig.wait(for: .on)
                try await rig.ipmitool(suite, "power", "status", writing: "Power is on")
                try await rig.ipmitool(suite, "power", "reset", writing: "Reset")
                try await rig.wait(for: .on)
                try await rig.ipmitool(suite, "power", "soft", writing: "Soft")
                try await rig.wait(for: .off)
                try await rig.ipmitool(suite, "power", "status", writing: "Power is off")

                try await rig.reset("On")
                try await rig.wait(for: .on)
                try await rig.ipmitool(suite, "power", "status", writing: "Power is on")
                try await rig.ipmitool(suite, "power", "off", writing: "Down/Off")
                try await rig.wait(for: .off)
            }
        }
    }

    @Test("ipmitool: the boot device it sets is seen by Redfish, once and for UEFI")
    func boot() async throws {
        try await ConsoleRig.with { rig in
            try await rig.ipmitool(
                17, "chassis", "bootdev", "pxe", "options=efiboot", writing: "Set Boot Device")
            let boot = try await rig.boot()
            #expect(boot["BootSourceOverrideTarget"] == "Pxe")
            #expect(boot["BootSourceOverrideEnabled"] == "Once")
            #expect(boot["BootSourceOverrideMode"] == "UEFI")
            try await rig.ipmitool(
                17, "chassis", "bootparam", "get", "5", writing: "Force PXE")
            try await rig.ipmitool(17, "chassis", "bootdev", "none", writing: "Set Boot Device")
            let cleared = try await rig.boot()
            #expect(cleared["BootSourceOverrideTarget"] != "Pxe")
        }
    }

    @Test("ipmitool reads what the BMC is, its sensors, log and inventory")
    func reading() async throws {
        try await ConsoleRig.with { rig in
            try await rig.ipmitool(17, "mc", "info", writing: "IPMI Version              : 2.0")
            try await rig.ipmitool(17, "mc", "guid", writing: "System GUID")
            try await rig.ipmitool(17, "chassis", "status", writing: "System Power")
            try await rig.ipmitool(17, "chassis", "identify", "1", writing: "identify")
            try await rig.ipmitool(17, "sdr", "elist", "full", writing: "degrees C")
            try await rig.ipmitool(17, "sensor", writing: "degrees C")
            try await rig.ipmitool(17, "sel", "info", writing: "Entries")
            try await rig.ipmitool(17, "fru", "print", writing: "Product Serial")
            try await rig.ipmitool(17, "dcmi", "power", "reading", writing: "Watts")
            try await rig.ipmitool(17, "channel", "getciphers", "ipmi", writing: "aes_cbc_128")
        }
    }

    @Test("FreeIPMI sets and shows the power, and reads sensors, log and inventory")
    func freeIPMI() async throws {
        try await ConsoleRig.with { rig in
            try await rig.freeIPMI("ipmipower", "--on", "--wait-until-on", writing: ": ok")
            try await rig.wait(for: .on)
            for suite in ["3", "17"] {
                try await rig.freeIPMI(
                    "ipmipower", "--stat", "--cipher-suite-id", suite, writing: ": on")
            }
            try await rig.freeIPMI("ipmipower", "--off", "--wait-until-off", writing: ": ok")
            try await rig.wait(for: .off)
            let caches = "--sdr-cache-directory=" + rig.home
            try await rig.freeIPMI("ipmi-sensors", caches, writing: "Temperature")
            try await rig.freeIPMI("ipmi-sel", caches, "--info", writing: "log entries")
            try await rig.freeIPMI("ipmi-fru", caches, writing: "Product")
            try await rig.freeIPMI("bmc-info", writing: "IPMI Version")
            try await rig.freeIPMI("ipmi-chassis", "--get-chassis-status", writing: "System Power")
        }
    }

    @Test("a wrong password, an unknown user and too high a privilege are told apart")
    func errors() async throws {
        try await ConsoleRig.with { rig in
            var tool = try await Tool.ipmitool(
                rig.address, suite: 17, user: IPMIUser(name: "admin", password: "wrong"), "-v",
                "power", "status")
            #expect(tool.status != 0 && tool.output.contains("HMAC is invalid"), "\(tool.output)")
            tool = try await Tool.ipmitool(
                rig.address, suite: 17, user: IPMIUser(name: "nobody", password: "wrong"), "-v",
                "power", "status")
            #expect(
                tool.status != 0 && tool.output.contains("unauthorized name"), "\(tool.output)")
            tool = try await Tool.ipmitool(
                rig.address, suite: 17, user: .watcher, "-v", "power", "status")
            #expect(tool.status != 0, "\(tool.output)")
            tool = try await Tool.ipmitool(
                rig.address, suite: 17, user: .watcher, level: "USER", "power", "on")
            #expect(
                tool.status != 0 && tool.output.contains("Insufficient privilege"),
                "\(tool.output)")
        }
    }
}
