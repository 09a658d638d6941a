import Core
import InfraKit

/// A plugin in memory that behaves like InfraKit's own simulator
/// (docker/infrakit, `pkg/run/v0/simulator`).
actor FakePlugin: InstancePlugin {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    nonisolated let vendor: PluginVendor?
    nonisolated let exampleProperties: JSON
    private let beforeProvision: @Sendable (InstanceSpec) async -> Void

    private(set) var instances: [String: InstanceSpec] = [:]
    private(set) var specs: [InstanceSpec] = []
    private(set) var reasons: [String?] = []
    private var lastNumber = 0

    init(
        vendor: PluginVendor? = nil, exampleProperties: JSON = .null,
        beforeProvision: @escaping @Sendable (InstanceSpec) async -> Void = { _ in }
    ) {
        self.vendor = vendor
        self.exampleProperties = exampleProperties
        self.beforeProvision = beforeProvision
    }

    func validate(properties: JSON) throws {
        if properties["Rack"] == "none" { throw Failure(description: "no rack \"none\"") }
    }

    func provision(_ spec: InstanceSpec) async throws -> String {
        specs.append(spec)
        await beforeProvision(spec)
        lastNumber += 1
        let id = "fake-\(lastNumber)"
        instances[id] = spec
        return id
    }

    func label(instance: String, labels: [String: String]) throws {
        guard instances[instance] != nil else {
            throw Failure(description: "no instance \(instance)")
        }
        instances[instance]?.tags.merge(labels) { _, new in new }
    }

    func destroy(instance: String, reason: String?) throws {
        reasons.append(reason)
        guard instances.removeValue(forKey: instance) != nil else {
            throw Failure(description: "no instance \(instance)")
        }
    }

    func describe(tags: [String: String], properties: Bool) -> [UInt8] {
        let matching = instances.filter { _, spec in tags.allSatisfy { spec.tags[$0] == $1 } }
        let descriptions = matching.map { id, spec in
            var description: JSONObject = [
                "ID": .string(id), "LogicalID": JSON(spec.logicalID), "Tags": JSON(spec.tags),
            ]
            if properties { description["Properties"] = spec.properties }
            return JSON.object(description)
        }
        return JSON.array(descriptions).encoded()
    }

    func metadataKeys(path: [String]) -> [String] { path + ["zone", "rack"] }

    func metadataValue(path: [String]) throws -> JSON {
        guard path != ["missing"] else { throw Failure(description: "no missing") }
        return ["path": .array(path.map(JSON.string))]
    }
}
