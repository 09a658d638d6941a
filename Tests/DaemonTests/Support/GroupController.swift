import InfraKit
import Core
import Testing

@testable import rackpool

/// InfraKit's group controller, as `shared/infrakit/README.md` tells of it; ``tick()`` is what it
/// does every 10 s.
actor GroupController {
    /// What the group is to consist of.
    enum Members: Sendable {
        case size(Int)
        case logicalIDs([String])
    }

    /// What a tick came to.
    struct Tick: Sendable, Hashable {
        /// The instances that were described at its start.
        var described: [String] = []
        var provisioned: [String] = []
        var destroyed: [String] = []
        /// What the plugin refused; it is asked for again at the next tick.
        var refusals: [String] = []

        var isQuiet: Bool { provisioned.isEmpty && destroyed.isEmpty && refusals.isEmpty }
    }

    private struct Instance {
        let id: String
        let logicalID: String?
        let hash: String?
    }

    private static let groupTag = "infrakit.group"
    private static let hashTag = "infrakit.config.hash"
    private static let logicalIDTag = "infrakit.logical_id"
    private static let callTimeout: Duration = .seconds(15)

    let group: String
    private let client: PluginClient
    private let members: Members
    private var properties: JSON

    init(
        _ members: Members, group: String = "workers", properties: JSON = ["Grace": "1s"],
        client: PluginClient
    ) {
        self.members = members
        self.group = group
        self.properties = properties
        self.client = client
    }

    /// Begins a rolling update to a new spec; the ticks carry it out.
    func commit(_ properties: JSON) {
        self.properties = properties
    }

    @discardableResult
    func tick() async throws -> Tick {
        let present = try await describe()
        var tick = Tick(described: present.map(\.id))
        let (missing, surplus) = difference(present)
        await destroy(surplus, because: "terminate", &tick)
        await provision(missing, &tick)
        if missing.isEmpty, surplus.isEmpty,
            let outdated = present.filter({ $0.hash != hash }).map(\.id).min()
        {
            await destroy([outdated], because: "rolling_update", &tick)
        }
        return tick
    }

    // A text that differs when the spec does.
    private var hash: String { properties.description }

    private func describe() async throws -> [Instance] {
        let answer = try await client.call(
            "Instance.DescribeInstances",
            ["Type": "", "Tags": [Self.groupTag: .string(group)], "Properties": true],
            timeout: Self.callTimeout)
        return (answer["Descriptions"]?.array ?? []).compactMap { entry in
            entry["ID"]?.string.map {
                Instance(
                    id: $0, logicalID: entry["LogicalID"]?.string,
                    hash: entry["Tags"]?[Self.hashTag]?.string)
            }
        }
    }

    /// What is missing, by logical ID, and the instances that are too many.
    private func difference(_ present: [Instance]) -> (missing: [String?], surplus: [String]) {
        switch members {
        case .size(let size):
            let surplus = present.map(\.id).sorted().prefix(max(0, present.count - size))
            return (Array(repeating: nil, count: max(0, size - present.count)), Array(surplus))
        case .logicalIDs(let wanted):
            let carried = Set(present.compactMap(\.logicalID))
            let surplus = present.filter { !wanted.contains($0.logicalID ?? "") }.map(\.id)
            return (wanted.filter { !carried.contains($0) }, surplus)
        }
    }

    private func destroy(_ ids: [String], because reason: String, _ tick: inout Tick) async {
        for id in ids {
            do {
                _ = try await client.call(
                    "Instance.Destroy",
                    [
                        "Type": "", "Instance": .string(id),
                        "Context": ["Reason": .string(reason)],
                    ], timeout: Self.callTimeout)
                tick.destroyed.append(id)
                // The real one comes again after its interval.
                try await client.waitUntilGone([id])
            } catch {
                tick.refusals.append("\(error)")
            }
        }
    }

    // All at once, as the real one does.
    private func provision(_ logicalIDs: [String?], _ tick: inout Tick) async {
        let specs = logicalIDs.map(spec)
        let client = client
        let answers = await withTaskGroup(of: Result<String, any Error>.self) { calls in
            for spec in specs {
                calls.addTask {
                    do {
                        let answer = try await client.call(
                            "Instance.Provision", ["Type": "", "Spec": spec],
                            timeout: Self.callTimeout)
                        return .success(answer["ID"]?.string ?? "")
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await calls.reduce(into: []) { $0.append($1) }
        }
        for answer in answers {
            switch answer {
            case .success(let id): tick.provisioned.append(id)
            case .failure(let error): tick.refusals.append("\(error)")
            }
        }
    }

    private func spec(_ logicalID: String?) -> JSON {
        var tags: JSONObject = [
            Self.groupTag: .string(group), Self.hashTag: .string(hash),
        ]
        if let logicalID { tags[Self.logicalIDTag] = .string(logicalID) }
        return [
            "Properties": properties, "Tags": .object(tags), "Init": "",
            "LogicalID": JSON(logicalID), "Attachments": nil,
        ]
    }
}
