public import Core
internal import IPMIWire

extension IPMIProvider {
    /// Writes the boot flags (IPMI v2.0 28.12) and reads them back. Flags for one boot don't lapse
    /// after a minute, as they would by the specification; lasting ones lapse after nothing.
    ///
    /// IPMI has no flag for "as the firmware is set": without a mode, the one that the BMC shows
    /// stays.
    ///
    /// - Throws: `refused`, as incapable, for a target that IPMI does not know.
    public func setBoot(
        _ boot: BootOverride, of device: Device
    ) async throws(ProviderError) {
        let attempt = try attempt("boot from \(boot.target.rawValue)", at: device)
        guard let known = boot.target.ipmiDevice else {
            let known = BootTarget.allCases.filter { $0.ipmiDevice != nil }.map(\.rawValue)
            throw attempt.refusal(
                "IPMI has no such boot source; it has: \(known.joined(separator: ", "))",
                isIncapable: true)
        }
        let writer = BootFlagWriter(attempt: attempt)
        let isUEFI: Bool =
            switch boot.mode {
            case .uefi: true
            case .legacy: false
            case nil: try await writer.flags()?.isUEFI ?? false
            }
        let isOdd = boot.target == .hdd && isUEFI && device.ipmi.quirks.contains(.uefiDisk24)
        let source = isOdd ? .uefiDisk24 : known
        let flags = BootFlags(
            isValid: true, isPersistent: !boot.once, isUEFI: isUEFI, device: source)
        try await writer.write(flags, kept: boot.once ? .timeout : .always) { shown in
            shown.isValid && shown.device == source && shown.isPersistent == flags.isPersistent
                && (boot.mode == nil || shown.isUEFI == isUEFI)
        }
    }

    /// Takes the boot flags' validity away; where a BMC refuses or ignores that, they say "no
    /// override". A device whose flags are not valid is left alone.
    public func clearBoot(of device: Device) async throws(ProviderError) {
        let attempt = try attempt("clearing the boot override", at: device)
        let writer = BootFlagWriter(attempt: attempt)
        guard let shown = try await writer.flags(), shown.isOverride else { return }
        var none = BootFlags(isValid: false, isUEFI: shown.isUEFI)
        let first = await attempt.result { () async throws(ProviderError) in
            try await writer.write(none, kept: []) { !$0.isOverride }
        }
        guard case .failure(let error) = first else { return }
        guard error.kind == .refused else { throw error }
        none.isValid = true
        try await writer.write(none, kept: []) { !$0.isOverride }
    }
}

extension BootParameter.ValidityKept {
    /// After all that would take it away.
    fileprivate static let always: Self = [
        .powerButton, .resetButton, .watchdog, .timeout, .eventFilter,
    ]
}
