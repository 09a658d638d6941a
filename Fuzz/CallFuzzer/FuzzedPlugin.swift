internal import Core
internal import InfraKit

/// A plugin that reads what it is given as the daemon's does, and answers with it.
struct FuzzedPlugin: InstancePlugin {
    struct Failure: Error {
        let text: String
    }

    var vendor: PluginVendor? { nil }
    var exampleProperties: JSON { SpecProperties.example }

    func validate(properties: JSON) async throws {
        _ = try SpecProperties(parsing: properties)
    }

    func provision(_ spec: InstanceSpec) async throws -> String {
        try await validate(properties: spec.properties)
        return (spec.logicalID ?? "none") + spec.attachments.map(\.id).joined()
    }

    func label(instance: String, labels: [String: String]) async throws {
        if labels[instance] != nil { throw Failure(text: instance) }
    }

    func destroy(instance: String, reason: String?) async throws {
        throw Failure(text: reason ?? instance)
    }

    func describe(tags: [String: String], properties: Bool) async throws -> [UInt8] {
        JSON.array([["ID": "a", "LogicalID": nil, "Tags": JSON(tags)]]).encoded()
    }

    func metadataKeys(path: [String]) async throws -> [String] { path }

    func metadataValue(path: [String]) async throws -> JSON { .array(path.map(JSON.string)) }
}
