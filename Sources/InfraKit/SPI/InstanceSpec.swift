public import Core

/// What an instance is to be (docker/infrakit, `instance.Spec` in `pkg/spi/instance/types.go`).
///
/// Properties and the init script may hold secrets: neither is ever logged here.
public struct InstanceSpec: Sendable, Hashable {
    /// The plugin's own settings, `null` if none were given.
    public var properties: JSON
    public var tags: [String: String]
    /// The script to run when the instance boots (`Init`); empty for none.
    public var initScript: String
    /// Nil if absent, null or empty, for an empty name names nothing.
    public var logicalID: String?
    public var attachments: [Attachment]

    public init(
        properties: JSON = .null, tags: [String: String] = [:], initScript: String = "",
        logicalID: String? = nil, attachments: [Attachment] = []
    ) {
        self.properties = properties
        self.tags = tags
        self.initScript = initScript
        self.logicalID = logicalID
        self.attachments = attachments
    }
}
