/// The states that a type of sensor has of its own (IPMI v2.0 table 42-3): the parts of a machine.
/// An empty text is an offset that the table leaves out.
extension EventCatalogue {
    static let sensorStates: [UInt8: [EventMeaning]] = [
        0x05: chassisSecurity, 0x06: platformSecurity, 0x07: processor, 0x08: powerSupply,
        0x09: powerUnit, 0x0C: memory, 0x0D: driveSlot, 0x0F: firmware, 0x10: eventLog,
        0x11: watchdog1, 0x12: systemEvent, 0x13: criticalInterrupt, 0x14: button,
        0x19: chipSet, 0x1B: cable, 0x1D: bootStart, 0x1E: bootError, 0x1F: systemBoot,
        0x20: systemStop, 0x21: slot, 0x22: acpi, 0x23: watchdog2, 0x24: platformAlert,
        0x25: entityPresence, 0x27: lan, 0x28: management, 0x29: battery, 0x2A: audit,
        0x2B: versionChange, 0x2C: fruState,
    ]

    private static let chassisSecurity: [EventMeaning] = [
        .bad("chassis opened"), .bad("drive bay opened"), .bad("I/O card area opened"),
        .bad("processor area opened"), .bad("LAN cable unplugged"), .bad("undocked without leave"),
        .bad("fan area opened"),
    ]

    private static let platformSecurity: [EventMeaning] = [
        .bad("secure mode violated"), .bad("wrong user password before boot"),
        .bad("wrong setup password before boot"), .bad("wrong network boot password"),
        .bad("wrong password before boot"), .bad("wrong out-of-band password"),
    ]

    private static let processor: [EventMeaning] = [
        .worst("internal error (IERR)"), .worst("thermal trip"), .worst("self-test failed (FRB1)"),
        .worst("hang in POST (FRB2)"), .worst("did not start (FRB3)"),
        .worst("configuration error"),
        .worst("uncorrectable processor error"), .normal("present"), .bad("disabled"),
        .normal("terminator present"), .bad("throttled"),
        .worst("machine check, uncorrectable"), .bad("machine check, correctable"),
    ]

    private static let powerSupply: [EventMeaning] = [
        .normal("present"), .worst("power supply failure detected"), .bad("failure predicted"),
        .worst("input lost"), .worst("input lost or out of range"),
        .bad("input out of range"), .worst("configuration error"), .normal("inactive"),
    ]

    // A BMC that tells of lost input has power again.
    private static let powerUnit: [EventMeaning] = [
        .normal("powered off"), .normal("power cycle"), .worst("240 VA power down"),
        .bad("interlock power down"), .bad("input lost"), .worst("soft power control failed"),
        .worst("power unit failure detected"), .bad("failure predicted"),
    ]

    private static let memory: [EventMeaning] = [
        .bad("correctable memory error"), .worst("uncorrectable memory error"),
        .worst("parity error"), .worst("memory scrub failed"), .bad("memory module disabled"),
        .bad("limit of correctable errors reached"), .normal("present"),
        .worst("configuration error"), .normal("spare"), .bad("throttled"),
        .worst("critical overtemperature"),
    ]

    private static let driveSlot: [EventMeaning] = [
        .normal("drive present"), .worst("drive fault"), .bad("failure predicted"),
        .normal("hot spare"), .normal("consistency check in progress"),
        .bad("in a critical array"), .worst("in a failed array"),
        .normal("rebuild in progress"), .bad("rebuild aborted"),
    ]

    private static let firmware: [EventMeaning] = [
        .bad("system firmware error"), .worst("system firmware hang"),
        .normal("system firmware progress"),
    ]

    private static let eventLog: [EventMeaning] = [
        .bad("correctable memory errors are not logged any more"),
        .normal("a type of event is not logged any more"), .normal("log cleared"),
        .bad("nothing is logged any more"), .bad("log full"), .bad("log almost full"),
        .bad("correctable machine checks are not logged any more"),
    ]

    private static let watchdog1: [EventMeaning] = [
        .bad("BIOS reset by the watchdog"), .bad("OS reset by the watchdog"),
        .bad("OS shut down by the watchdog"), .bad("OS powered down by the watchdog"),
        .bad("OS power cycled by the watchdog"), .bad("OS interrupted by the watchdog"),
        .normal("watchdog expired"), .normal("watchdog about to expire"),
    ]

    private static let systemEvent: [EventMeaning] = [
        .normal("system reconfigured"), .normal("OEM boot event"),
        .worst("undetermined hardware failure"), .normal("entry added to another log"),
        .normal("action of an event filter"), .normal("clock set"),
    ]

    private static let criticalInterrupt: [EventMeaning] = [
        .bad("front panel NMI"), .worst("bus timeout"), .worst("I/O channel check NMI"),
        .bad("software NMI"), .worst("PCI parity error"), .worst("PCI system error"),
        .worst("fail-safe timeout"), .bad("correctable bus error"),
        .worst("uncorrectable bus error"), .worst("fatal NMI"), .worst("fatal bus error"),
        .bad("bus degraded"),
    ]

    private static let chipSet: [EventMeaning] = [
        .worst("soft power control failed"), .worst("thermal trip"),
    ]

    private static let cable: [EventMeaning] = [
        .normal("connected"), .bad("connected wrong"),
    ]

    private static let slot: [EventMeaning] = [
        .worst("fault"), .normal("identified"), .normal("device attached"),
        .normal("ready for a device"), .normal("ready for removal"), .normal("powered off"),
        .normal("removal requested"), .normal("interlocked"), .bad("disabled"),
        .normal("holds a spare device"),
    ]

    private static let entityPresence: [EventMeaning] = [
        .normal("present"), .normal("absent"), .normal("disabled"),
    ]

    private static let management: [EventMeaning] = [
        .bad("sensor access degraded"), .bad("controller access degraded"),
        .bad("controller off line"), .bad("controller unavailable"), .bad("sensor failure"),
        .bad("FRU failure"),
    ]

    private static let battery: [EventMeaning] = [
        .bad("low"), .bad("failed"), .normal("present"),
    ]
}
