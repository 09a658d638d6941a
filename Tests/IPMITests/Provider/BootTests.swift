import Core
import Locking
import Testing

@testable import IPMI
@testable import IPMIWire

@Suite struct IPMIBootTests {
    private static let set = "set system boot options"
    private static let read = "get system boot options 05 00 00"

    private func setBoot(_ boot: BootOverride, _ rig: ProviderRig) async -> ProviderError? {
        await rig.error { provider, device throws(ProviderError) in
            try await provider.setBoot(boot, of: device)
        }
    }

    private func flags(_ rig: ProviderRig) -> BootFlags { rig.bmc.state.withLock { $0.flags } }

    @Test("an override for one boot is written in the sequence that BMCs need, and read back")
    func sequence() async {
        let rig = ProviderRig()
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), rig) == nil)
        #expect(
            rig.bmc.log == [
                "\(Self.set) 00 01", "\(Self.set) 03 08", "\(Self.set) 04 01 01",
                "\(Self.set) 05 a0 04 00 00 00", "\(Self.set) 00 00", Self.read,
            ])
    }

    @Test("a lasting override loses its validity by nothing")
    func persistent() async {
        let rig = ProviderRig()
        let boot = BootOverride(target: .hdd, mode: .legacy, once: false)
        #expect(await setBoot(boot, rig) == nil)
        #expect(rig.bmc.log.contains("\(Self.set) 03 1f"))
        #expect(rig.bmc.log.contains("\(Self.set) 05 c0 08 00 00 00"))
    }

    @Test(
        "each boot source that IPMI knows has its number",
        arguments: [
            (BootTarget.pxe, 1), (.hdd, 2), (.diags, 4), (.cd, 5), (.biosSetup, 6),
            (.remoteDrive, 0xB), (.usb, 0xF), (.floppy, 0xF),
        ] as [(BootTarget, UInt8)])
    func devices(target: BootTarget, number: UInt8) async {
        let rig = ProviderRig()
        #expect(await setBoot(BootOverride(target: target), rig) == nil)
        #expect(flags(rig).device.rawValue == number)
    }

    @Test(
        "a boot source that IPMI does not know is refused before anything is sent",
        arguments: [BootTarget.uefiHttp, .uefiShell, .sdCard, .utilities])
    func unknownSources(target: BootTarget) async {
        let rig = ProviderRig()
        let error = await setBoot(BootOverride(target: target), rig)
        #expect(error?.kind == .refused && error?.isIncapable == true)
        #expect(
            error?.message
                == "boot from \(target.rawValue) refused: IPMI has no such boot source; it has:"
                + " Pxe, Hdd, Cd, Usb, Floppy, BiosSetup, Diags, RemoteDrive")
        #expect(rig.bmc.log.isEmpty)
    }

    @Test("without a mode the one that the BMC shows stays", arguments: [true, false])
    func keptMode(isUEFI: Bool) async {
        let rig = ProviderRig { $0.flags = BootFlags(isValid: false, isUEFI: isUEFI) }
        #expect(await setBoot(BootOverride(target: .cd), rig) == nil)
        #expect(flags(rig) == BootFlags(isValid: true, isUEFI: isUEFI, device: .cd))
    }

    @Test("a BMC that keeps of the flags nothing but the device is believed")
    func deviceAlone() async {
        let rig = ProviderRig { state in
            state.takesFlags = { BootFlags(isValid: false, device: $0.device) }
        }
        #expect(await setBoot(BootOverride(target: .pxe), rig) == nil)
        #expect(flags(rig).device == .network)
        // What was asked for is written last.
        let writes = rig.bmc.log.filter { $0.hasPrefix("\(Self.set) 05") }
        #expect(
            writes == [
                "\(Self.set) 05 80 04 00 00 00", "\(Self.set) 05 e0 04 00 00 00",
                "\(Self.set) 05 80 04 00 00 00",
            ])
    }

    @Test("a BMC that drops the validity of what it keeps else is not believed")
    func droppedValidity() async {
        let rig = ProviderRig { state in
            state.takesFlags = { flags in
                var flags = flags
                flags.isValid = false
                return flags
            }
        }
        let error = await setBoot(BootOverride(target: .pxe), rig)
        #expect(error?.kind == .refused && error?.message.contains("no override") == true)
    }

    @Test("BMCs that know the flags alone are set by the flags alone")
    func flagsAlone() async {
        for code in [CompletionCode.bootParameterNotSupported, .invalidField, .invalidLength] {
            let rig = ProviderRig { state in
                for parameter in ["00 01", "03 08", "04 01 01"] {
                    state.faults["\(Self.set) \(parameter)"] = [.refuse(code)]
                }
            }
            #expect(await setBoot(BootOverride(target: .pxe, mode: .legacy), rig) == nil)
            // What was not begun need not be ended.
            #expect(!rig.bmc.log.contains("\(Self.set) 00 00"))
            #expect(flags(rig).device == .network)
        }
    }

    @Test("somebody who writes at the same time is waited for; one that died at it is not")
    func inProgress() async {
        let short = ProviderRig {
            $0.faults["\(Self.set) 00 01"] = [.refuse(.bootOptionsInProgress)]
        }
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), short) == nil)
        #expect(short.time.uptime == .milliseconds(250))
        let dead = ProviderRig {
            $0.faults["\(Self.set) 00 01"] = Array(
                repeating: .refuse(.bootOptionsInProgress), count: 5)
        }
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), dead) == nil)
        #expect(dead.bmc.log.count { $0 == "\(Self.set) 00 00" } == 2)
        #expect(flags(dead).device == .network)
    }

    @Test("flags that are refused are an error, and nobody is left locked out")
    func refused() async {
        let rig = ProviderRig {
            $0.faults["\(Self.set) 05 a0 18 00 00 00"] = [.refuse(.invalidField)]
        }
        let error = await setBoot(BootOverride(target: .biosSetup, mode: .uefi), rig)
        #expect(error?.kind == .refused && error?.isIncapable == true)
        #expect(error?.message.hasPrefix("boot from BiosSetup refused: ") == true)
        #expect(rig.bmc.log.last == "\(Self.set) 00 00")
    }

    @Test(
        "a refusal of a change that is made all the same, if only in a while, is none",
        arguments: [
            CompletionCode.unspecified, .timeout, .noResponse, CompletionCode(rawValue: 0x90),
        ])
    func madeAnyway(code: CompletionCode) async {
        let command = "\(Self.set) 05 a0 04 00 00 00"
        let rig = ProviderRig { state in
            state.flags = BootFlags(isValid: true, isUEFI: true, device: .network)
            state.staleFlagReads = 3
            state.faults[command] = [.refuse(code)]
        }
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), rig) == nil)
        #expect(rig.bmc.log.count { $0 == command } == 1)
        #expect(rig.time.uptime == .milliseconds(1750))
        let never = ProviderRig { $0.faults[command] = [.refuse(code)] }
        let error = await setBoot(BootOverride(target: .pxe, mode: .uefi), never)
        #expect(error?.message.contains("set system boot options") == true)
        #expect(never.time.uptime == .milliseconds(3750))
    }

    @Test("so is silence to it, and an answer that makes no sense")
    func madeInSilence() async {
        let command = "\(Self.set) 05 a0 04 00 00 00"
        for failure in [
            IPMIFailure.ignored(command: Self.set), .malformed(command: Self.set, .invalid("code")),
        ] {
            let rig = ProviderRig { state in
                state.flags = BootFlags(isValid: true, isUEFI: true, device: .network)
                state.staleFlagReads = 3
                state.faults[command] = [.fail(failure)]
            }
            #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), rig) == nil)
        }
    }

    @Test("a clear refusal is looked at once, and one for want of privilege not at all")
    func refusedClearly() async {
        let command = "\(Self.set) 05 a0 04 00 00 00"
        for (code, reads) in [(CompletionCode.invalidField, 1), (.insufficientPrivilege, 0)] {
            let rig = ProviderRig { $0.faults[command] = [.refuse(code)] }
            #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), rig) != nil)
            #expect(rig.bmc.log.count { $0 == Self.read } == reads)
            #expect(rig.time.uptime == .zero)
        }
        let done = ProviderRig { state in
            state.flags = BootFlags(isValid: true, isUEFI: true, device: .network)
            state.faults[command] = [.refuse(.invalidField)]
        }
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), done) == nil)
    }

    @Test("a refusal for a state that passes is waited for")
    func passingState() async {
        let command = "\(Self.set) 05 a0 04 00 00 00"
        let rig = ProviderRig {
            $0.faults[command] = Array(repeating: .refuse(.notInThisState), count: 5)
        }
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), rig) == nil)
        #expect(rig.bmc.log.count { $0 == command } == 6)
        let ever = ProviderRig {
            $0.faults[command] = Array(repeating: .refuse(.notInThisState), count: 99)
        }
        let error = await setBoot(BootOverride(target: .pxe, mode: .uefi), ever)
        #expect(error?.message.contains("0xD5") == true)
        #expect(ever.time.uptime < .seconds(25))
    }

    @Test("a change that the BMC takes and does not make is an error that says what it shows")
    func ignored() async {
        let rig = ProviderRig { $0.takesFlags = { _ in BootFlags(isValid: false) } }
        let error = await setBoot(BootOverride(target: .pxe), rig)
        #expect(
            error
                == ProviderError(
                    .refused,
                    "boot from Pxe refused: the BMC took the change, but shows: no override"))
        let short = ProviderRig {
            $0.takesFlags = { BootFlags(isValid: true, isUEFI: $0.isUEFI, device: $0.device) }
        }
        let once = await setBoot(BootOverride(target: .hdd, mode: .uefi, once: false), short)
        #expect(once?.message.hasSuffix("shows: Hdd, once, UEFI") == true)
    }

    @Test("a change that is shown late is waited for")
    func late() async {
        let rig = ProviderRig { $0.staleFlagReads = 2 }
        #expect(await setBoot(BootOverride(target: .pxe, mode: .uefi), rig) == nil)
        #expect(rig.bmc.log.count { $0 == Self.read } == 3)
        #expect(rig.time.uptime == .milliseconds(750))
    }

    @Test("a BMC that is busy when the flags are read back is busy")
    func busy() async {
        let rig = ProviderRig { $0.faults[Self.read] = [.refuse(.nodeBusy)] }
        let error = await setBoot(BootOverride(target: .pxe, mode: .uefi), rig)
        #expect(error?.kind == .busy)
    }

    @Test("a BMC that can't show its flags is believed")
    func unreadable() async {
        let rig = ProviderRig {
            $0.faults[Self.read] = Array(repeating: .refuse(.bootParameterNotSupported), count: 9)
        }
        #expect(await setBoot(BootOverride(target: .pxe), rig) == nil)
        #expect(flags(rig) == BootFlags(isValid: true, device: .network))
    }

    private func clear(_ rig: ProviderRig) async -> ProviderError? {
        await rig.error { provider, device throws(ProviderError) in
            try await provider.clearBoot(of: device)
        }
    }

    @Test("clearing takes the validity away, and lets stale flags lapse again")
    func clearing() async {
        let rig = ProviderRig { $0.flags = BootFlags(isValid: true, isUEFI: true, device: .cd) }
        #expect(await clear(rig) == nil)
        #expect(flags(rig) == BootFlags(isValid: false, isUEFI: true))
        #expect(rig.bmc.log.contains("\(Self.set) 03 00"))
    }

    @Test("a device without an override is left alone")
    func nothingToClear() async {
        for flags in [
            BootFlags(isValid: false, device: .network), BootFlags(isValid: true, device: .none),
        ] {
            let rig = ProviderRig { $0.flags = flags }
            #expect(await clear(rig) == nil)
            #expect(rig.bmc.log == [Self.read])
        }
        let mute = ProviderRig { $0.faults[Self.read] = [.refuse(.invalidCommand)] }
        #expect(await clear(mute) == nil)
    }

    @Test("flags that must be valid are cleared by saying that there is no override")
    func clearingByNone() async {
        let rig = ProviderRig { state in
            state.flags = BootFlags(isValid: true, isPersistent: true, device: .network)
            state.takesFlags = {
                $0.isValid ? $0 : BootFlags(isValid: true, isPersistent: true, device: .network)
            }
        }
        #expect(await clear(rig) == nil)
        #expect(flags(rig) == BootFlags(isValid: true))
        let strict = ProviderRig { state in
            state.flags = BootFlags(isValid: true, device: .network)
            state.faults["\(Self.set) 05 00 00 00 00 00"] = [.refuse(.invalidField)]
        }
        #expect(await clear(strict) == nil)
        #expect(flags(strict) == BootFlags(isValid: true))
    }

    @Test("a Supermicro boots a UEFI system from its drive by a number of its own, if told so")
    func uefiDisk() async {
        for (mode, target, byte) in [
            (BootMode.uefi, BootTarget.hdd, "24"), (.legacy, .hdd, "08"), (.uefi, .pxe, "04"),
        ] {
            let rig = ProviderRig()
            let device = Device(
                name: "r1u07", provider: "ipmi", bmc: "ipmi://10.0.1.7",
                ipmi: IPMIOptions(quirks: [.uefiDisk24]))
            let error = await rig.error { provider, _ throws(ProviderError) in
                try await provider.setBoot(BootOverride(target: target, mode: mode), of: device)
            }
            #expect(error == nil)
            let first = mode == .uefi ? "a0" : "80"
            #expect(rig.bmc.log.contains("\(Self.set) 05 \(first) \(byte) 00 00 00"))
        }
    }
}
