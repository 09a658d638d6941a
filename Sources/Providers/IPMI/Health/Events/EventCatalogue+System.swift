/// The states that a type of sensor has of its own (IPMI v2.0 table 42-3): what the machine does.
extension EventCatalogue {
    static let button: [EventMeaning] = [
        .normal("power button pressed"), .normal("sleep button pressed"),
        .normal("reset button pressed"), .normal("latch open"), .normal("service requested"),
    ]

    static let bootStart: [EventMeaning] = [
        .normal("started by power up"), .normal("started by hard reset"),
        .normal("started by warm reset"), .normal("PXE boot requested"),
        .normal("automatic boot to diagnostics"), .normal("hard reset by software"),
        .normal("warm reset by software"), .normal("system restart"),
    ]

    static let bootError: [EventMeaning] = [
        .bad("no bootable medium"), .bad("no bootable diskette in the drive"),
        .bad("PXE server not found"), .bad("invalid boot sector"),
        .bad("nobody chose what to boot"),
    ]

    static let systemBoot: [EventMeaning] = [
        .normal("booted from A:"), .normal("booted from C:"), .normal("booted by PXE"),
        .normal("diagnostics booted"), .normal("booted from CD"), .normal("booted from ROM"),
        .normal("booted"), .normal("installation started"), .normal("installation completed"),
        .bad("installation aborted"), .bad("installation failed"),
    ]

    static let systemStop: [EventMeaning] = [
        .bad("OS stopped while it was loaded"), .bad("OS crashed"), .normal("OS stopped"),
        .normal("OS shut down"), .normal("OS shut down by an event filter"),
        .bad("agent does not respond"),
    ]

    static let acpi: [EventMeaning] = [
        .normal("S0, working"), .normal("S1, asleep"), .normal("S2, asleep"),
        .normal("S3, asleep"), .normal("S4, suspended to disk"), .normal("S5, soft off"),
        .normal("S4 or S5, off"), .normal("G3, mechanically off"), .normal("asleep"),
        .normal("G1, asleep"), .normal("S5, by the override"), .normal("legacy on"),
        .normal("legacy off"), .normal(""), .normal("unknown"),
    ]

    static let watchdog2: [EventMeaning] = [
        .normal("watchdog expired"), .bad("hard reset by the watchdog"),
        .bad("powered down by the watchdog"), .bad("power cycled by the watchdog"), .normal(""),
        .normal(""), .normal(""), .normal(""), .normal("interrupted by the watchdog"),
    ]

    static let platformAlert: [EventMeaning] = [
        .normal("page sent"), .normal("LAN alert sent"), .normal("trap sent"),
        .normal("SNMP trap sent"),
    ]

    static let lan: [EventMeaning] = [
        .bad("heartbeat lost"), .normal("heartbeat"),
    ]

    static let audit: [EventMeaning] = [
        .normal("session opened"), .normal("session closed"),
        .normal("wrong user name or password"), .normal("locked after wrong passwords"),
    ]

    static let versionChange: [EventMeaning] = [
        .normal("hardware changed"), .normal("firmware changed"), .bad("hardware incompatible"),
        .bad("firmware incompatible"), .bad("hardware version not supported"),
        .bad("firmware version not supported"), .normal("hardware change succeeded"),
        .normal("firmware change succeeded"),
    ]

    static let fruState: [EventMeaning] = [
        .normal("not installed"), .normal("inactive"), .normal("activation requested"),
        .normal("activation in progress"), .normal("active"), .normal("deactivation requested"),
        .normal("deactivation in progress"), .bad("communication lost"),
    ]
}
