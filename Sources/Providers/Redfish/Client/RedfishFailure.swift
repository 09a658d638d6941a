internal import Core

/// Why one request, or what was found in its answer, stops an attempt. Becomes a `ProviderError`
/// once it is known what was attempted.
struct RedfishFailure: Error, Hashable {
    let kind: ProviderError.Kind
    /// What came back, without secrets.
    var text: String
    /// The answer's status, if there was an answer.
    let status: Int?
    /// Whether a command was sent whose outcome is not known.
    var mayHaveActed: Bool
    /// Whether the BMC lacks what it takes.
    let isIncapable: Bool
    /// Whether the inventory has to say which of the BMC's systems is meant.
    let isOfInventory: Bool

    init(
        _ kind: ProviderError.Kind, _ text: String, status: Int? = nil, mayHaveActed: Bool = false,
        isIncapable: Bool = false, isOfInventory: Bool = false
    ) {
        self.kind = kind
        self.text = text
        self.status = status
        self.mayHaveActed = mayHaveActed
        self.isIncapable = isIncapable
        self.isOfInventory = isOfInventory
    }

    static let cancelled = RedfishFailure(.unreachable, "cancelled before it was sent")

    /// The same where a command was sent before: what became of that one is as unknown as before.
    func afterCommand(_ mayHaveActed: Bool) -> RedfishFailure {
        var failure = self
        failure.mayHaveActed = failure.mayHaveActed || mayHaveActed
        return failure
    }

    /// The BMC does not let us in, or we don't trust it.
    var isRefusedAccess: Bool { kind == .unauthorised || kind == .untrusted }

    /// No answer came, whoever is to blame for that.
    var isUnanswered: Bool { kind == .unreachable || kind == .shortage }

    /// The resource is not there (any more).
    var isGone: Bool { status == 404 || status == 410 }

    /// The BMC has no such resource: it is gone, or of a kind that the BMC does not implement
    /// (DSP0266, HTTP status codes).
    var tellsOfAbsence: Bool { isGone || status == 405 || status == 501 }

    /// The BMC answered about this one resource, so that others may still serve.
    var concernsOnlyTheResource: Bool {
        kind == .refused || kind == .malformed || status == 403
    }

    /// `power on refused: 400 …` for an attempt called `power on`. A BMC may echo the password
    /// anywhere, in a link or in a redirect's target too, so it is taken out here once more.
    func error(attempting attempt: String, without password: String) -> ProviderError {
        let verdict =
            switch kind {
            case .refused, .unauthorised, .untrusted: "refused"
            case .busy, .unreachable, .malformed, .shortage: "failed"
            }
        let shown =
            password.isEmpty
            ? text
            : text.split(separator: password, omittingEmptySubsequences: false)
                .joined(separator: "•••")
        return ProviderError(
            kind, "\(attempt) \(verdict): \(shown)", mayHaveActed: mayHaveActed,
            isIncapable: isIncapable, isOfInventory: isOfInventory)
    }
}
