public import Core

/// What InfraKit's instance SPI 0.6.1 asks of a plugin (docker/infrakit, `pkg/spi/instance/spi.go`).
///
/// A thrown error is shown to the operator as `"\(error)"`, by the group controller's log and by
/// the command line: it says what was tried and what to do, and holds no secret. A call is never
/// cancelled: a client that stops waiting after 15 s still wants what it asked for.
public protocol InstancePlugin: Sendable {
    /// Who made the plugin, for `/info/api.json`; nil is shown as `null`.
    var vendor: PluginVendor? { get }

    /// An example of a spec's `Properties`, which `infrakit local NAME info api` prints to a
    /// person who wants to write a spec.
    var exampleProperties: JSON { get }

    /// Checks a spec's `Properties` (`null` if none were given), without any side effect.
    func validate(properties: JSON) async throws

    /// Creates an instance and returns its ID.
    func provision(_ spec: InstanceSpec) async throws -> String

    /// Merges `labels` into the instance's tags.
    func label(instance: String, labels: [String: String]) async throws

    /// Ends the instance. The group controller's reasons are `terminate` and `rolling_update`;
    /// nil if none was given.
    func destroy(instance: String, reason: String?) async throws

    /// The instances that carry every one of `tags`, as the text of a JSON array of objects with
    /// `ID`, `LogicalID`, `Tags` and, if asked for, `Properties`. It is copied into the answer as
    /// it stands.
    func describe(tags: [String: String], properties: Bool) async throws -> [UInt8]

    /// The names below `path` in the plugin's metadata; the answer sorts them.
    func metadataKeys(path: [String]) async throws -> [String]

    /// The value at `path` in the plugin's metadata.
    func metadataValue(path: [String]) async throws -> JSON
}
