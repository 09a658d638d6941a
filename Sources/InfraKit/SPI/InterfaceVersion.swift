/// An interface that a plugin serves (docker/infrakit, `types.InterfaceSpec`).
enum InterfaceVersion {
    static let instance = (name: "Instance", version: "0.6.1")
    static let metadata = (name: "Metadata", version: "0.1.1")
    /// What `Plugin.Implements` answered in the first releases.
    static let oldestInstance = (name: "Instance", version: "0.1.0")
}
