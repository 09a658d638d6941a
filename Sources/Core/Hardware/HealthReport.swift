public import Foundation

/// What a deep look at a device found: every part that is not well, with the cause as far as the
/// BMC tells it, and what could not be looked at.
public struct HealthReport: Sendable, Hashable {
    public var power: PowerState
    /// What is not well, the worst first.
    public var findings: [Finding]
    /// What was not looked at, and why. A report that skipped something may have missed something.
    public var skipped: [Skip]
    /// How many parts of each kind were looked at, in the order in which they were read:
    /// `drives` 4.
    public var examined: [Count]
    /// How many requests the look took.
    public var requests: Int
    /// When the look ended.
    public var date: Date

    public init(
        power: PowerState = .unknown, findings: [Finding] = [], skipped: [Skip] = [],
        examined: [Count] = [], requests: Int = 0, date: Date
    ) {
        self.power = power
        self.findings = findings
        self.skipped = skipped
        self.examined = examined
        self.requests = requests
        self.date = date
    }

    /// The worst of what is not well now. What a log tells of has happened and may be over, so it
    /// counts as a warning at the most. Where something critical may have gone unread, it is a
    /// warning at the least.
    public var health: Health {
        let found = findings.map { $0.isEvent ? min($0.health, .warning) : $0.health }.max() ?? .ok
        return unread.isEmpty ? found : max(found, .warning)
    }

    /// What was left out and may hide something critical.
    public var unread: [Skip] { skipped.filter(\.mayHideFaults) }

    /// What a person can act on, the worst first: `PSU 2: Critical: input lost`. Bounded as those of
    /// an ``Observation``.
    public var reasons: [String] { Reasons.bounded(findings.map(\.text)) }
}

extension HealthReport {
    /// One thing that is not well.
    public struct Finding: Sendable, Hashable {
        /// `warning` or `critical`.
        public var health: Health
        /// What is concerned, as a person would find it in the machine: `PSU 2`.
        public var part: String
        /// `input lost`; nil if the BMC tells none.
        public var cause: String?
        /// Whether it is an entry of a log: something that has happened, and may be over.
        public var isEvent: Bool
        /// Where the BMC says so: the resource's path.
        public var source: String?

        public init(
            _ health: Health, _ part: String, cause: String? = nil, isEvent: Bool = false,
            source: String? = nil
        ) {
            self.health = health
            self.part = part
            self.cause = cause
            self.isEvent = isEvent
            self.source = source
        }

        /// `PSU 2: Critical: input lost`, or `PSU 2: Critical` without a cause.
        public var text: String {
            "\(part): \(health.rawValue.capitalized)" + (cause.map { ": \($0)" } ?? "")
        }
    }

    /// Something that was not looked at.
    public struct Skip: Sendable, Hashable {
        /// A resource's path, or a kind of parts in words.
        public var what: String
        public var why: String
        /// Whether it may show something critical that nobody has seen: it is there, or may be,
        /// and was not read. What the BMC does not have hides nothing.
        public var mayHideFaults: Bool

        public init(_ what: String, why: String, mayHideFaults: Bool = false) {
            self.what = what
            self.why = why
            self.mayHideFaults = mayHideFaults
        }
    }

    /// How many parts of a kind were looked at.
    public struct Count: Sendable, Hashable {
        /// In the plural: `drives`.
        public var kind: String
        public var number: Int

        public init(_ kind: String, _ number: Int) {
            self.kind = kind
            self.number = number
        }
    }
}
