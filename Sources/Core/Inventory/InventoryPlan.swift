/// What a new inventory means for the records that there are: which go along to other names, what
/// can't be done, and what a person should know.
///
/// A record is about a machine, and a machine stands behind an address. So a record follows the
/// address: a device whose address stands under another name is renamed, and takes its claim along;
/// two that swap addresses swap records.
public struct InventoryPlan: Sendable, Hashable {
    /// A record, and what was learnt of its machine, goes from one name to another.
    public struct Move: Sendable, Hashable {
        public let from: String
        public let to: String
    }

    /// Something about one device that a person should know.
    public struct Line: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case added, removed, renamed, moved, credentials, unlisted
        }

        public let kind: Kind
        /// The device's name, in the new inventory if it is there.
        public let device: String
        /// Without the device's name.
        public let text: String
        /// The instance that is concerned.
        public let instance: String?
    }

    /// A change that would tear a claim from its machine.
    public struct Fault: Sendable, Hashable {
        /// The device of the new inventory that is at fault.
        public let device: String
        /// What is wrong and what to do, without the device's name.
        public let text: String
    }

    public internal(set) var moves: [Move] = []
    /// The records whose machines are steered from another address from now on, by their new names.
    public internal(set) var addresses: [String: MachineAddress] = [:]
    public internal(set) var lines: [Line] = []
    public internal(set) var faults: [Fault] = []

    /// - Parameters:
    ///   - records: all records of devices that say something.
    ///   - present: the devices as they are listed now, or were when they left while claimed; none
    ///     at the start.
    ///   - whereabouts: where claimed machines were seen that don't stand where they were claimed,
    ///     by the names of the devices whose records claim them.
    ///   - devices: the new inventory.
    public init(
        records: [DeviceRecord], present: [Device] = [],
        whereabouts: [String: MachineAddress] = [:], devices: [Device], isStart: Bool = false
    ) {
        var planner = InventoryPlanner(
            records: records, present: present, whereabouts: whereabouts, devices: devices)
        planner.plan(isStart: isStart)
        self = planner.result
    }

    fileprivate init() {}
}

private struct InventoryPlanner {
    let records: [String: DeviceRecord]
    let present: [String: Device]
    let whereabouts: [String: MachineAddress]
    let next: [String: Device]
    let names: [MachineAddress: String]
    /// The devices of each BMC, for an address without a system is that of a BMC's only one.
    let byBMC: [String: [Device]]
    let devices: [Device]
    var result = InventoryPlan()

    init(
        records: [DeviceRecord], present: [Device], whereabouts: [String: MachineAddress],
        devices: [Device]
    ) {
        self.whereabouts = whereabouts
        self.records = Dictionary(
            records.compactMap { record in record.key.deviceName.map { ($0, record) } },
            uniquingKeysWith: { first, _ in first })
        self.present = Dictionary(
            present.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.devices = devices
        next = Dictionary(devices.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        names = Dictionary(
            devices.map { ($0.address, $0.name) }, uniquingKeysWith: { first, _ in first })
        byBMC = Dictionary(grouping: devices, by: \.bmc)
    }

    mutating func plan(isStart: Bool) {
        var moved: [String: String] = [:]
        for name in Set(records.keys).union(present.keys).sorted() {
            guard let address = address(of: name) else {
                noteUnlisted(name)
                continue
            }
            if let target = self.name(at: address, preferring: name) {
                if namesAnotherSystem(target, than: address, claimedBy: name) {
                    noteSystem(of: name, at: address, target)
                } else if target != name {
                    moved[name] = target
                } else {
                    follow(name, to: name)
                }
            } else {
                noteLoss(of: name, at: address)
            }
        }
        stay(&moved)
        var taken: Set<String> = []
        for (from, to) in moved.sorted(by: { $0.key < $1.key }) {
            let isTaken = !taken.insert(to).inserted
            if isTaken || (moved[to] == nil && !(records[to]?.isTrivial ?? true)) {
                refuse(from, to, isTaken: isTaken)
            } else {
                result.moves.append(InventoryPlan.Move(from: from, to: to))
                follow(from, to: to)
                tell(
                    .renamed, to,
                    "was \(from)" + (records[from]?.claim == nil ? "" : ", and keeps its claim"),
                    records[from]?.claim)
            }
        }
        if !isStart { notePlainChanges(moved) }
    }

    /// Where the machine stands that a record is about. That of a free device is whatever the
    /// inventory lists.
    private func address(of name: String) -> MachineAddress? {
        let recorded = records[name]?.machine?.address
        guard records[name]?.claim == nil else {
            // The inventory agrees with what was seen: the claim's machine has moved.
            if let place = whereabouts[name], next[name]?.address == place { return place }
            return recorded ?? present[name]?.address
        }
        return present[name]?.address ?? recorded
    }

    /// A record's machine is steered from where the inventory has it from now on.
    private mutating func follow(_ name: String, to target: String) {
        guard let machine = records[name]?.machine, let device = next[target],
            machine.address != device.address
        else { return }
        result.addresses[target] = device.address
    }

    /// What nobody has claimed makes way for nothing: it stays where it is.
    private mutating func stay(_ moved: inout [String: String]) {
        while true {
            let claimed = Set(moved.filter { records[$0.key]?.claim != nil }.values)
            var taken: Set<String> = []
            let staying = moved.sorted { $0.key < $1.key }.filter { from, to in
                guard records[from]?.claim == nil else { return false }
                return (records[to] != nil && moved[to] == nil) || claimed.contains(to)
                    || !taken.insert(to).inserted
            }.map(\.key)
            guard !staying.isEmpty else { return }
            for name in staying {
                moved[name] = nil
                if let address = address(of: name) { noteLoss(of: name, at: address) }
            }
        }
    }

    /// Whether the inventory says which of a BMC's systems a claimed device is, or no longer does,
    /// though the claim's machine was not seen there.
    private func namesAnotherSystem(
        _ target: String, than address: MachineAddress, claimedBy name: String
    ) -> Bool {
        guard records[name]?.claim != nil, let device = next[target] else { return false }
        return device.system != address.system
    }

    private mutating func noteSystem(
        of name: String, at address: MachineAddress, _ target: String
    ) {
        guard target != name else {
            noteLoss(of: name, at: address)
            return
        }
        result.faults.append(
            InventoryPlan.Fault(
                device: target,
                text: "is the BMC of \(name), which is claimed at \(address.displayed): change its"
                    + " name first, and then, with another reload, which system it is"))
    }

    private func name(at address: MachineAddress, preferring name: String) -> String? {
        if next[name]?.address == address { return name }
        if let name = names[address] { return name }
        // A BMC of one system may name it or not.
        guard let only = byBMC[address.bmc], only.count == 1, let device = only.first,
            device.provider == address.provider, device.system == nil || address.system == nil
        else { return nil }
        return device.name
    }

    private mutating func refuse(_ from: String, _ to: String, isTaken: Bool) {
        guard !isTaken else {
            result.faults.append(
                InventoryPlan.Fault(
                    device: to,
                    text: "is the address of \(from) and of another claimed device: end one of the"
                        + " two claims first (rackpool release, or forget)"))
            return
        }
        let held = records[to]?.claim
        let text =
            held.map { claim in
                "is the address of \(from) now, but \(to) is claimed by \(claim.id) at an address that"
                    + " no device has any more: list that machine under another name first, or end"
                    + " that claim (rackpool release, or forget)"
            }
            ?? "is the address of \(from) now, and \(to) has a record of its own at an address that no"
            + " device has any more: give \(from) a name that was not used"
        result.faults.append(InventoryPlan.Fault(device: to, text: text))
    }

    /// The address of a device is in the new inventory no more.
    private mutating func noteLoss(of name: String, at address: MachineAddress) {
        guard let claim = records[name]?.claim else {
            guard let device = next[name] else { return }
            follow(name, to: name)
            if present[name] != nil {
                tell(
                    .moved, name, "from \(address.displayed) to \(device.address.displayed)", nil)
            }
            return
        }
        guard let device = next[name] else {
            noteUnlisted(name)
            return
        }
        if let shown = records[name]?.machine?.identity.displayed {
            tell(
                .moved, name,
                "from \(address.displayed) to \(device.address.displayed); claimed by \(claim.id):"
                    + " nothing is done to it until the machine there says that it is the claimed"
                    + " one (\(shown))", claim)
        } else {
            result.faults.append(
                InventoryPlan.Fault(
                    device: name,
                    text:
                        "is claimed by \(claim.id) at \(address.displayed), and nothing is known by"
                        + " which its machine could be told at \(device.address.displayed): keep the"
                        + " address until the instance is destroyed, or end the claim (rackpool"
                        + " release \(name), or rackpool forget if the machine is gone)"))
        }
    }

    private mutating func noteUnlisted(_ name: String) {
        guard let claim = records[name]?.claim, next[name] == nil else { return }
        tell(
            .unlisted, name,
            "claimed by \(claim.id), and not in the inventory: "
                + (present[name] == nil
                    ? "it can't be watched or destroyed until it is listed again"
                    : "it is watched, and can be destroyed, until the plugin stops; list it again"),
            claim)
    }

    private mutating func notePlainChanges(_ moved: [String: String]) {
        let targets = Set(moved.values)
        for device in devices {
            guard let old = present[device.name] else {
                if !targets.contains(device.name) {
                    tell(.added, device.name, device.address.displayed, nil)
                }
                continue
            }
            guard old.address == device.address else { continue }
            if old.credentials != device.credentials || old.tls != device.tls
                || old.ipmi != device.ipmi
            {
                tell(
                    .credentials, device.name, "has other credentials or trust",
                    records[device.name]?.claim)
            }
        }
        for name in present.keys.sorted()
        where next[name] == nil && moved[name] == nil && records[name]?.claim == nil {
            tell(.removed, name, present[name]?.address.displayed ?? "", nil)
        }
    }

    private mutating func tell(
        _ kind: InventoryPlan.Line.Kind, _ name: String, _ text: String, _ claim: Claim?
    ) {
        result.lines.append(
            InventoryPlan.Line(kind: kind, device: name, text: text, instance: claim?.id))
    }
}

extension DeviceRecord {
    /// Whether nothing is lost if another record takes the place of this one.
    fileprivate var isTrivial: Bool { claim == nil && cordon == nil && others.isEmpty }
}

extension InventoryPlan: CustomStringConvertible {
    /// The lines, and what is refused, one a line.
    public var description: String {
        (lines.map(\.description) + faults.map { "\($0.device): \($0.text)" })
            .joined(separator: "\n")
    }
}

extension InventoryPlan.Line: CustomStringConvertible {
    public var description: String {
        "\(device): \(kind.rawValue): \(text)"
            + (kind == .credentials ? instance.map { "; claimed by \($0)" } ?? "" : "")
    }
}

/// An inventory would tear claims from their machines; it was not taken over.
public struct InventoryRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    public let faults: [InventoryPlan.Fault]

    public var description: String {
        faults.map { "\($0.device): \($0.text)" }.joined(separator: "\n")
    }
}
