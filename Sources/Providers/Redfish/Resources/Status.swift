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

    init(_ json: JSON?) {
        state = json?.text("State")
        health = Self.health(json?.text("Health"))
        healthRollup = Self.health(json?.text("HealthRollup"))
        conditions = (json?["Conditions"]?.array ?? []).map(Condition.init)
    }

    /// Whether the slot is empty.
    var isAbsent: Bool { state?.lowercased() == "absent" }

    /// The worse of ``health`` and ``healthRollup``; what is not said is well.
    var worst: Health { isAbsent ? .ok : max(health ?? .ok, healthRollup ?? .ok) }

    static func health(_ text: String?) -> Health? {
        switch text?.lowercased() {
        case "ok": .ok
        case "warning": .warning
        case "critical": .critical
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
