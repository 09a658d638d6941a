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
    /// - Parameters:
    ///   - revision: of the record that it replaces.
    ///   - hasMachine: whether it was noted which machine that is, one of no inventory.
    static func record(
        sequence: UInt64, device: String, group: String, state: ClaimState = .running,
        revision: UInt64 = 0, hasMachine: Bool = true
    ) -> DeviceRecord {
        let spec = ClaimSpec(
            properties: properties, tags: tags(group: group), initScript: initScript,
            attachments: [])
        let machine = Core.Machine(
            address: MachineAddress(provider: "redfish", bmc: "https://\(device).bmc.example.com"),
            identity: SystemIdentity(serialNumber: "CZ\(sequence)X"))
        return DeviceRecord(
            key: .device(device), revision: revision, machine: hasMachine ? machine : nil,
            claim: Claim(
                id: InstanceID.make(sequence: sequence, device: device), spec: spec, state: state,
                claimedAt: Date(timeIntervalSince1970: 1_790_000_000), order: Int64(sequence)))
    }

    /// The states that a provision goes through.
    static let starts: [ClaimState] = [.starting(.claimed), .starting(.starting), .running]
}

extension Store {
    /// Enters `count` working instances whose devices are named `prefix` and a number.
    /// - Parameters:
    ///   - first: the sequence number of the first.
    ///   - hasMachines: see ``SampleSpec/record(sequence:device:group:state:revision:hasMachine:)``.
    func fill(
        count: Int, prefix: String, from first: UInt64 = 1, hasMachines: Bool = true,
        group: @escaping @Sendable (Int) -> String
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<count {
                tasks.addTask {
                    let sequence = first + UInt64(number)
                    let record = SampleSpec.record(
                        sequence: sequence, device: "\(prefix)\(number)", group: group(number),
                        hasMachine: hasMachines)
                    _ = try await commit(StoreCommit(puts: [record], sequence: sequence))
                }
            }
            try await tasks.waitForAll()
        }
    }
}
