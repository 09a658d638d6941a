import Core
import InfraKit

/// Answers InfraKit from the pool.
struct PoolPlugin: InstancePlugin {
    let manager: PoolManager

    var vendor: PluginVendor? { Version.vendor }
    var exampleProperties: JSON { SpecProperties.example }

    func validate(properties: JSON) async throws {
        try manager.validate(properties)
    }

    func provision(_ spec: InstanceSpec) async throws -> String {
        try await manager.provision(
            ClaimSpec(
                properties: spec.properties, tags: spec.tags, initScript: spec.initScript,
                logicalID: spec.logicalID, attachments: .array(spec.attachments.map(\.json))))
    }

    func label(instance: String, labels: [String: String]) async throws {
        try await manager.label(instance, labels)
    }

    func destroy(instance: String, reason: String?) async throws {
        try await manager.destroy(instance)
    }

    func describe(tags: [String: String], properties: Bool) async throws -> [UInt8] {
        let descriptions = await manager.pool.described(with: tags)
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        bytes.reserveCapacity(
            descriptions.reduce(2) { $0 + 1 + (properties ? $1.full : $1.brief).count })
        for (index, description) in descriptions.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += properties ? description.full : description.brief
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    // MARK: Metadata

    func metadataKeys(path: [String]) async throws -> [String] {
        switch path.filter({ !$0.isEmpty && $0 != "." }) {
        case []: ["devices", "pool"]
        case ["devices"]: await manager.pool.statuses().map(\.name)
        case ["pool"]: DeviceStatus.Array.allCases.map(\.rawValue)
        default: []
        }
    }

    func metadataValue(path: [String]) async throws -> JSON {
        let path = path.filter { !$0.isEmpty && $0 != "." }
        switch (path.first, path.count) {
        case ("pool", 1), ("pool", 2):
            let counts = await manager.pool.statuses().reduce(into: [DeviceStatus.Array: Int]()) {
                $0[$1.array, default: 0] += 1
            }
            let json = JSONObject(
                DeviceStatus.Array.allCases.map { ($0.rawValue, JSON(counts[$0] ?? 0)) })
            return path.count == 1 ? .object(json) : json[path[1]] ?? .null
        case ("devices", 2):
            guard let status = await manager.pool.status(of: path[1]) else { return .null }
            return status.json
        default:
            return .null
        }
    }
}

extension Attachment {
    /// As InfraKit writes it.
    fileprivate var json: JSON { ["ID": .string(id), "Type": .string(type)] }
}
