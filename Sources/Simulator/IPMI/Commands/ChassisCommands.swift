internal import Core
internal import IPMIWire

/// The chassis: its power above all.
enum ChassisCommands {
    static let handlers = [
        CommandHandler(GetChassisStatus.self) { _, state, context in
            state.chassisStatus(at: context.now)
        },
        CommandHandler(ChassisControl.self) { (command, state, _) throws(CommandRefusal) in
            try state.control(command.action)
            return Nothing()
        },
        CommandHandler(ChassisIdentify.self) { command, state, context in
            state.ipmi.identify = ChassisIdentification(command.span, at: context.now)
            return Nothing()
        },
        // Get Chassis Capabilities (IPMI v2.0 28.1): no more than the BMC itself.
        CommandHandler(.chassis, 0x00) { _, _, _ in [0, 0x20, 0x20, 0x20, 0x20] },
        // Set Power Restore Policy (IPMI v2.0 28.8): any; 3 asks what there is.
        CommandHandler(.chassis, 0x06, privilege: .operator) {
            (data, state, _) throws(CommandRefusal) in
            guard let number = data.first else { throw CommandRefusal(.invalidLength) }
            guard let policy = GetChassisStatus.RestorePolicy(rawValue: number & 0x07) else {
                throw CommandRefusal(.invalidField)
            }
            if policy != .unknown { state.ipmi.restorePolicy = policy }
            return [0x07]
        },
        // Get System Restart Cause (IPMI v2.0 28.11): Chassis Control, or not known.
        CommandHandler(.chassis, 0x07) { _, state, _ in
            [state.ipmi.wasPoweredOnByCommand ? 0x01 : 0x00, SessionCommands.channel]
        },
    ]
}

extension BMCState {
    fileprivate mutating func control(
        _ action: ChassisControl.Action
    ) throws(CommandRefusal) {
        let reset: ResetType =
            switch action {
            case .down: .forceOff
            case .up: .on
            case .cycle: .powerCycle
            case .hardReset: .forceRestart
            case .diagnosticInterrupt: .nmi
            case .softOff: .gracefulShutdown
            }
        ipmi.boot.noteChassisControl()
        let before = systems[Self.chassisSystem].power.reported
        switch systems[Self.chassisSystem].receive(reset) {
        case .accepted:
            ipmi.end.statistics.powerCommands += 1
            if before == .off { ipmi.wasPoweredOnByCommand = true }
        // What is so already, or under way, is granted.
        case .noEffect where [.up, .down, .softOff].contains(action): break
        case .noEffect, .inTransition: throw CommandRefusal(.notInThisState)
        }
    }

    fileprivate func chassisStatus(at now: IPMIMoment) -> GetChassisStatus.Response {
        let power = systems[Self.chassisSystem].power.reported
        let faults = chassisFaults
        return GetChassisStatus.Response(
            // Power is good until it is cut, and not before it came up.
            isOn: power == .on || power == .poweringOff,
            powerFaults: faults.power, restorePolicy: ipmi.restorePolicy,
            lastPowerEvent: ipmi.wasPoweredOnByCommand ? .onByCommand : [],
            conditions: faults.rest, identify: ipmi.identify.shown(at: now))
    }
}
