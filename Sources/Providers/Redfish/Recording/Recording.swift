/// What was read of a service.
public struct Recording: Sendable {
    /// In the order in which the service was walked.
    public var resources: [RecordedResource]
    /// The links that were not followed, by the reason.
    public var skipped: [CrawlSkip: [String]]
    /// The service's address; nil where it must not be told.
    public var source: String?
    /// Whether what identifies the machine was replaced.
    public var isAnonymised = false

    public init(
        resources: [RecordedResource], skipped: [CrawlSkip: [String]] = [:], source: String? = nil
    ) {
        self.resources = resources
        self.skipped = skipped
        self.source = source
    }

    /// The recording without secrets, in whatever it says.
    func redacted(_ redaction: SecretRedaction) -> Recording {
        var recording = self
        recording.resources = resources.map { redaction.redacted($0) }
        recording.skipped = skipped.mapValues { $0.map(redaction.redacted(path:)) }
        return recording
    }

    /// The resources that the service answered with.
    public var read: [RecordedResource] { resources.filter(\.isRead) }

    /// The links that the service had no resource for.
    public var failed: [RecordedResource] { resources.filter { !$0.isRead } }
}
