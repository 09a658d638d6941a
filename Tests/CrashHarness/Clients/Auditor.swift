import Core
import InfraKit

/// Asks the daemon what it holds, and compares its answers with themselves: what may never be so,
/// whatever the moment.
struct Auditor: Sendable {
    /// A device as the daemon shows it.
    struct Shown: Sendable {
        let name: String
        /// The machine's number in the rack.
        let machine: Int
        let instance: String?
        let state: String?
        let isListed: Bool
        let provider: String?
        /// By what the claimed machine is known.
        let serialNumber: String?
        /// What a person reads first about it.
        let reason: String?
    }

    let plugin: PluginClient
    let ledger: Ledger
    let machines: [String: Int]

    /// - Returns: the devices.
    @discardableResult
    func look() async throws -> [Shown] {
        let devices = try await devices()
        noteSharing(devices)
        noteDoubles(try await descriptions())
        return devices
    }

    func devices() async throws -> [Shown] {
        let devices = try await plugin.call("Rackpool.Devices")["Devices"]?.array ?? []
        return devices.compactMap { device in
            let claimed = device["Machine"]?["BMC"]?.string
            guard let bmc = claimed ?? device["BMC"]?.string, let machine = machines[bmc] else {
                return nil
            }
            return Shown(
                name: device["Name"]?.string ?? "?", machine: machine,
                instance: device["Instance"]?.string, state: device["State"]?.string,
                isListed: device["Listed"]?.bool ?? false, provider: device["Provider"]?.string,
                serialNumber: device["Machine"]?["SerialNumber"]?.string,
                reason: device["Reasons"]?[0]?.string)
        }
    }

    /// Ends the claim on a machine that is gone.
    func forget(_ device: Shown) async throws {
        guard let id = device.instance else { return }
        ledger.leaves(id)
        _ = try await plugin.call(
            "Rackpool.Forget", ["Instance": .string(id), "Lost": .bool(true)])
        ledger.isDestroyed(id)
    }

    /// What is described.
    func descriptions() async throws -> [JSON] {
        let answer = try await plugin.call(
            "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": true])
        return answer["Descriptions"]?.array ?? []
    }

    /// One machine behind two instances, or one instance on two machines.
    private func noteSharing(_ devices: [Shown]) {
        var holders: [Int: String] = [:]
        var places: [String: Int] = [:]
        for device in devices {
            guard let id = device.instance else { continue }
            if let other = holders.updateValue(id, forKey: device.machine) {
                ledger.note("machine \(device.machine) is behind \(other) and \(id)")
            }
            if let other = places.updateValue(device.machine, forKey: id) {
                ledger.note("\(id) is on machines \(other) and \(device.machine)")
            }
        }
    }

    /// One ID, or one logical ID of a group, described twice.
    private func noteDoubles(_ descriptions: [JSON]) {
        var ids: Set<String> = []
        var keys: [LogicalIDKey: String] = [:]
        for description in descriptions {
            let id = description["ID"]?.string ?? "?"
            if !ids.insert(id).inserted { ledger.note("\(id) is described twice") }
            guard let logicalID = description["LogicalID"]?.string else { continue }
            let key = LogicalIDKey(
                logicalID: logicalID, group: description["Tags"]?["infrakit.group"]?.string)
            if let other = keys.updateValue(id, forKey: key) {
                ledger.note(
                    "\(other) and \(id) are described as \(logicalID) of \(key.group ?? "no group")"
                )
            }
        }
    }
}
