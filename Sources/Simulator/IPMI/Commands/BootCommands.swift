internal import Core
internal import IPMIWire

/// System boot options (IPMI v2.0 28.12, 28.13).
enum BootCommands {
    static let handlers = [
        CommandHandler(SetSystemBootOptions.self) {
            (command, state, context) throws(CommandRefusal) in
            state.dropStaleBoot(at: context.now)
            try state.write(command.parameter, context)
            return Nothing()
        },
        CommandHandler(GetSystemBootOptions.self) {
            (command, state, context) throws(CommandRefusal) in
            state.dropStaleBoot(at: context.now)
            return GetSystemBootOptions.Response(try state.bootParameter(command.number))
        },
    ]
}

extension BMCState {
    fileprivate mutating func write(
        _ parameter: BootParameter, _ context: CommandContext
    ) throws(CommandRefusal) {
        switch parameter {
        case .setInProgress(.complete): ipmi.boot.writer = nil
        case .setInProgress(.inProgress):
            // One who went away keeps nobody out.
            if let writer = ipmi.boot.writer, writer != context.session,
                ipmi.end.sessions[writer] != nil
            {
                throw CommandRefusal(.bootOptionsInProgress)
            }
            ipmi.boot.writer = context.session
        case .setInProgress(.commit): throw CommandRefusal(.bootParameterNotSupported)
        case .validityKept(let events): ipmi.boot.validityKept = events
        case .acknowledge(let acknowledge):
            ipmi.boot.unread.subtract(acknowledge.written)
            ipmi.boot.unread.formUnion(acknowledge.written.intersection(acknowledge.unread))
        case .flags(let flags): try write(flags, context)
        case .other: throw CommandRefusal(.bootParameterNotSupported)
        }
    }

    fileprivate func bootParameter(_ number: UInt8) throws(CommandRefusal) -> BootParameter {
        switch number {
        case BootParameter.setInProgressNumber:
            return .setInProgress(ipmi.boot.writer == nil ? .complete : .inProgress)
        case BootParameter.validityKeptNumber: return .validityKept(ipmi.boot.validityKept)
        case BootParameter.acknowledgeNumber:
            return .acknowledge(BootAcknowledge(written: [], unread: ipmi.boot.unread))
        case BootParameter.flagsNumber:
            let shown = shownBoot
            if let written = ipmi.boot.written, written.shown == shown {
                return .flags(written.flags)
            }
            return .flags(shown.flags)
        default: throw CommandRefusal(.bootParameterNotSupported)
        }
    }

    private var shownBoot: ShownBoot { ShownBoot(systems[Self.chassisSystem].boot?.object) }

    private mutating func write(
        _ flags: BootFlags, _ context: CommandContext
    ) throws(CommandRefusal) {
        let targets = ShownBoot.targets(of: flags.device)
        if flags.isValid, flags.device != .none {
            guard override(targets, flags) else { throw CommandRefusal(.invalidField) }
        } else {
            clearOverride()
        }
        ipmi.boot.written = IPMIBootOptions.Written(flags: flags, shown: shownBoot)
        let isKept = !flags.isValid || ipmi.boot.validityKept.contains(.timeout)
        ipmi.boot.staleAt = isKept ? nil : context.now.uptime + IPMIBootOptions.staleAfter
    }

    /// Sets the override to the first of the targets that the system takes.
    private mutating func override(_ targets: [String], _ flags: BootFlags) -> Bool {
        for target in targets {
            let wanted: JSONObject = [
                "BootSourceOverrideTarget": .string(target),
                "BootSourceOverrideEnabled": flags.isPersistent ? "Continuous" : "Once",
            ]
            if change(wanted.merged(with: ["BootSourceOverrideMode": mode(flags)])) { return true }
            // Many systems have one mode alone, and show none.
            if change(wanted) { return true }
        }
        return false
    }

    private func mode(_ flags: BootFlags) -> JSON { flags.isUEFI ? "UEFI" : "Legacy" }

    private mutating func clearOverride() {
        if !change(["BootSourceOverrideEnabled": "Disabled"]) {
            _ = change(["BootSourceOverrideTarget": "None"])
        }
    }

    private mutating func change(_ wanted: JSONObject) -> Bool {
        // A recording without an override still has a chassis that can be told over IPMI.
        var boot = systems[Self.chassisSystem].boot ?? BootSettings(Self.plainBoot)
        do throws(Refusal) {
            try boot.patch(wanted)
        } catch {
            return false
        }
        systems[Self.chassisSystem].setBoot(boot)
        return true
    }

    private static let plainBoot: JSONObject = [
        "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
        "BootSourceOverrideMode": "Legacy",
    ]

    /// Takes flags away that nothing came of in time.
    fileprivate mutating func dropStaleBoot(at now: IPMIMoment) {
        guard let end = ipmi.boot.staleAt, now.uptime >= end else { return }
        ipmi.boot.staleAt = nil
        if ipmi.boot.written?.shown == shownBoot { clearOverride() }
        ipmi.boot.written = nil
    }
}
