internal import Core

/// What a resource says of its health (DSP2046 `Resource.Status`).
struct Status: Hashable {
    /// `Enabled`, `Disabled`, `Absent`, … It says whether something is there and in use, not
    /// whether it is well: a powered-off host is `Disabled`.
    let state: String?
    /// Of the resource itself.
    let health: Health?
    /// Of the resource and all that it depends on.
    let healthRollup: Health?
    /// What is wrong, as far as the service says.
    let conditions: [Condition]
    /// What is said and means nothing to us: `Health` `Confused`.
    let unknownTexts: [String: String]

    init(_ json: JSON?) {
        state = json?.text("State")
        // Some write the health alone in the object's place.
        health = Self.health(json?.string ?? json?.text("Health"))
        // Some services write it with a small letter in the middle (`dmtf` mockups: `HealthRollUp`).
        let rollup = json?.object?.first { $0.key.lowercased() == "healthrollup" }?.key
        healthRollup = Self.health(rollup.flatMap { json?.text($0) })
        conditions = (json?["Conditions"]?.array ?? []).map(Condition.init)
        let texts = ["Health", rollup].compactMap(\.self)
            .map { ($0, json?.text($0) ?? "") }
            .filter { !$0.1.isEmpty && Self.health($0.1) == nil }
        unknownTexts = Dictionary(texts) { first, _ in first }
    }

    /// Whether the slot is empty.
    var isAbsent: Bool { state?.lowercased() == "absent" }

    /// Whether it is there and not in use (DSP2046 `Resource.State`): a part of a host that is off.
    var isOutOfUse: Bool {
        ["disabled", "standbyoffline", "unavailableoffline", "deferring", "quiesced"]
            .contains(state?.lowercased())
    }

    /// Why it is not in use, for a person; nil if it is in use or nothing is said.
    var stateText: String? {
        guard let state, state.lowercased() != "enabled" else { return nil }
        return state.spelledOut.lowercased()
    }

    /// Of the resource itself, else of all that it depends on, else what its conditions say; nil if
    /// nothing is said.
    var told: Health? { health ?? healthRollup ?? ofConditions }

    /// The worse of ``health`` and ``healthRollup``, else of its conditions; what is not said is
    /// well.
    var worst: Health { isAbsent ? .ok : max(told ?? .ok, healthRollup ?? .ok) }

    private var ofConditions: Health? { conditions.compactMap(\.severity).max() }

    /// The standard's words (DSP2046 `Resource.Health`) in any case, and others that are seen.
    static func health(_ text: String?) -> Health? {
        switch text?.lowercased() {
        case "ok", "good", "normal", "healthy", "informational": .ok
        case "warning", "degraded", "noncritical", "non-critical": .warning
        case "critical", "failed", "fatal", "bad": .critical
        default: nil
        }
    }
}

extension Status {
    /// One cause of a health that is not OK (DSP2046 `Resource.Condition`).
    struct Condition: Hashable {
        let severity: Health?
        let message: String?
        let messageID: String?

        init(_ json: JSON) {
            severity = Status.health(json.text("Severity"))
            message = json.text("Message")
            messageID = json.text("MessageId")
        }
    }
}
