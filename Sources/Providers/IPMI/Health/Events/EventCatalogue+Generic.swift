/// The states that sensors of many types share (IPMI v2.0 table 42-2).
extension EventCatalogue {
    static let genericStates: [UInt8: [EventMeaning]] = [
        0x01: thresholdStates, 0x02: usageStates, 0x03: signalStates, 0x04: predictiveStates,
        0x05: limitStates, 0x06: performanceStates, 0x07: severityStates, 0x08: presenceStates,
        0x09: enablingStates, 0x0A: availabilityStates, 0x0B: redundancyStates,
        0x0C: powerStates,
    ]

    // Going low and going high in turn; back from a limit is no fault.
    private static let thresholdStates: [EventMeaning] = [
        .bad("below the non-critical threshold"),
        .normal("above the lower non-critical threshold"),
        .worst("below the critical threshold"),
        .normal("above the lower critical threshold"),
        .worst("below the non-recoverable threshold"),
        .normal("above the lower non-recoverable threshold"),
        .normal("below the upper non-critical threshold"),
        .bad("above the non-critical threshold"),
        .normal("below the upper critical threshold"),
        .worst("above the critical threshold"),
        .normal("below the upper non-recoverable threshold"),
        .worst("above the non-recoverable threshold"),
    ]

    private static let usageStates: [EventMeaning] = [
        .normal("idle"), .normal("active"), .normal("busy"),
    ]

    private static let signalStates: [EventMeaning] = [
        .normal("state deasserted"), .normal("state asserted"),
    ]

    private static let predictiveStates: [EventMeaning] = [
        .normal("no failure predicted"), .bad("failure predicted"),
    ]

    private static let limitStates: [EventMeaning] = [
        .normal("limit not exceeded"), .bad("limit exceeded"),
    ]

    private static let performanceStates: [EventMeaning] = [
        .normal("performance met"), .bad("performance lags"),
    ]

    private static let severityStates: [EventMeaning] = [
        .normal("well"), .bad("non-critical"), .worst("critical"), .worst("non-recoverable"),
        .bad("non-critical, was worse"), .worst("critical, was non-recoverable"),
        .worst("non-recoverable"), .normal("monitored"), .normal("information"),
    ]

    private static let presenceStates: [EventMeaning] = [
        .normal("absent"), .normal("present"),
    ]

    private static let enablingStates: [EventMeaning] = [
        .normal("disabled"), .normal("enabled"),
    ]

    private static let availabilityStates: [EventMeaning] = [
        .normal("running"), .normal("in test"), .normal("powered off"), .normal("on line"),
        .normal("off line"), .normal("off duty"), .bad("degraded"), .normal("power save"),
        .bad("installation error"),
    ]

    private static let redundancyStates: [EventMeaning] = [
        .normal("fully redundant"), .bad("redundancy lost"), .bad("redundancy degraded"),
        .bad("not redundant, sufficient"), .bad("not redundant, sufficient again"),
        .worst("not redundant, insufficient"), .bad("redundancy degraded"),
        .bad("redundancy degraded, was lost"),
    ]

    private static let powerStates: [EventMeaning] = [
        .normal("power state D0"), .normal("power state D1"), .normal("power state D2"),
        .normal("power state D3"),
    ]
}
