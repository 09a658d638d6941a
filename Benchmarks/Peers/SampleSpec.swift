import Core
import Foundation

/// The spec of an ordinary instance: what a group's configuration asks for.
enum SampleSpec {
    static let groups = ["managers", "workers", "storage", "builders"]

    static let properties: JSON = [
        "Selector": ["rack": "r12", "kind": "compute"],
        "Boot": ["Target": "Pxe", "Mode": "UEFI", "Once": true], "Grace": "30s", "Spread": "rack",
        "Note": "web tier, see the runbook at https://wiki.example.com/racks/web",
    ]

    static let initScript = """
        #!/bin/sh
        set -e
        hostnamectl set-hostname "$(cat /etc/machine-id | cut -c1-8)"
        docker swarm join --token SWMTKN-1-49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv \
        10.0.0.10:2377
        """

    static func tags(group: String) -> [String: String] {
        [
            "infrakit.group": group, "infrakit.config.hash": "ubsk4r7kdqzlqkgxvcmzpbzvi2mwjkbj",
            "infrakit.cluster.id": "production",
        ]
    }

    /// As InfraKit sends it to be provisioned, on whatever device.
    static var toProvision: JSON {
        [
            "Properties": ["Boot": properties["Boot"] ?? nil, "Note": properties["Note"] ?? nil],
            "Tags": JSON(tags(group: "workers")), "Init": .string(initScript), "LogicalID": nil,
            "Attachments": nil,
        ]
    }

    /// The record of a device that is claimed for it.
    static func record(
        sequence: UInt64, device: String, group: String, phase: Claim.Phase = .active,
        version: UInt64 = 1
    ) -> DeviceRecord {
        let spec = ClaimSpec(
            properties: properties, tags: tags(group: group), initScript: initScript,
            attachments: [])
        return DeviceRecord(
            key: .device(device), version: version,
            claim: Claim(
                id: InstanceID.make(sequence: sequence, device: device), spec: spec, phase: phase,
                claimedAt: Date(timeIntervalSince1970: 1_790_000_000), order: Int64(sequence)))
    }
}

extension Store {
    /// Enters `count` working instances whose devices are named `prefix` and a number.
    func fill(count: Int, prefix: String, group: @escaping @Sendable (Int) -> String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<count {
                tasks.addTask {
                    let sequence = try await nextSequence()
                    try await write(
                        SampleSpec.record(
                            sequence: sequence, device: "\(prefix)\(number)", group: group(number)),
                        replacing: 0)
                }
            }
            try await tasks.waitForAll()
        }
    }
}
