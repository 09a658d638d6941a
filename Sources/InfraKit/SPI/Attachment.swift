/// A resource to attach to an instance (docker/infrakit, `instance.Attachment`).
public struct Attachment: Sendable, Hashable {
    public var id: String
    /// The kind of resource, in the plugin's words.
    public var type: String

    public init(id: String, type: String) {
        self.id = id
        self.type = type
    }
}
