internal import Core
internal import Foundation

extension StateReader {
    /// Reads an element of `Instances` or `NonFunctional`.
    /// - Parameters:
    ///   - order: the place that the element has if it names none.
    ///   - isFailed: whether it stands in `NonFunctional`; nil where it stands in neither.
    func entry(
        _ entry: JSONObject, at path: String, order: Int64, isFailed: Bool?
    ) throws(StoreError) -> DeviceRecord {
        var others = entry.members(except: StateKeys.entry)
        let id = try string(entry["ID"] ?? .null, at: "\(path).ID")
        let device = try optionalString(entry["Device"], at: "\(path).Device")
        let order =
            try entry["Order"].map { value throws(StoreError) in
                try integer(value, at: "\(path).Order")
            } ?? order
        let spec = try self.spec(entry, at: path, &others)
        let (state, power) = try state(entry, at: path, isFailed: isFailed, &others)
        let claim = Claim(
            id: id, spec: spec, state: state,
            claimedAt: try date(entry["ClaimedAt"], at: "\(path).ClaimedAt"), order: order,
            power: power)
        let revision = entry["Revision"] ?? entry["Version"]
        return DeviceRecord(
            key: device.map(RecordKey.device) ?? .orphan(instance: id),
            revision: try revision.map { value throws(StoreError) in
                try natural(value, at: "\(path).Revision")
            } ?? 0,
            machine: try machine(entry["Machine"], at: "\(path).Machine", &others),
            claim: claim, others: others)
    }

    /// Adds what is kept of a device beside its claim.
    func apply(
        _ mark: JSONObject, to record: inout DeviceRecord, at path: String
    ) throws(StoreError) {
        var others = record.others
        if let carrier = mark["LastCarrier"], !carrier.isNull {
            record.lastCarrier = try lastCarrier(carrier, at: "\(path).LastCarrier", &others)
        } else if let id = try optionalString(mark["LastLogicalID"], at: "\(path).LastLogicalID") {
            record.lastCarrier = LastCarrier(
                key: LogicalIDKey(logicalID: id, group: nil), sequence: 0)
        }
        if let machine = mark["Machine"] {
            record.machine = try self.machine(machine, at: "\(path).Machine", &others)
        }
        if let order = mark["ReleaseOrder"] {
            record.releaseOrder = try integer(order, at: "\(path).ReleaseOrder")
        }
        if let cordon = mark["Cordon"], !cordon.isNull {
            let cordon = try object(cordon, at: "\(path).Cordon")
            record.cordon = Cordon(
                since: try date(cordon["Since"], at: "\(path).Cordon.Since")
                    ?? Date(timeIntervalSince1970: 0),
                reason: try optionalString(cordon["Reason"], at: "\(path).Cordon.Reason"))
            keep(cordon.members(except: StateKeys.cordon), of: "Cordon", &others)
        }
        record.unconfirmedOn = try date(mark["UnconfirmedOn"], at: "\(path).UnconfirmedOn")
        if let revision = mark["Revision"] ?? mark["Version"] {
            record.revision = max(
                record.revision, try natural(revision, at: "\(path).Revision"))
        }
        for (key, value) in mark.members(except: StateKeys.mark)
        where !DeviceRecord.isNested(key) {
            others[key] = value
        }
        record.others = others
    }

    private func keep(_ rest: JSONObject, of name: String, _ others: inout JSONObject) {
        if !rest.isEmpty { others[name] = .object(rest) }
    }

    private func spec(
        _ entry: JSONObject, at path: String, _ others: inout JSONObject
    ) throws(StoreError) -> ClaimSpec {
        let spec = try object(entry["Spec"] ?? [:], at: "\(path).Spec")
        keep(spec.members(except: StateKeys.spec), of: "Spec", &others)
        var tags: [String: String] = [:]
        if let value = entry["Tags"], !value.isNull {
            for (key, tag) in try object(value, at: "\(path).Tags") {
                tags[key] = tag.isNull ? "" : try string(tag, at: "\(path).Tags.\(key)")
            }
        }
        return ClaimSpec(
            properties: spec["Properties"] ?? .null, tags: tags,
            initScript: try optionalString(spec["Init"], at: "\(path).Spec.Init") ?? "",
            logicalID: try optionalString(entry["LogicalID"], at: "\(path).LogicalID"),
            attachments: spec["Attachments"] ?? .null)
    }

    // MARK: State

    private func state(
        _ entry: JSONObject, at path: String, isFailed: Bool?, _ others: inout JSONObject
    ) throws(StoreError) -> (ClaimState, SentPower) {
        guard let word = entry["State"] else {
            let phase = try phase(entry, at: path)
            let isFailed = isFailed ?? (entry["Failure"] != nil)
            let failure =
                isFailed
                ? try failure(entry["Failure"], at: "\(path).Failure", &others)
                    ?? ClaimState.Failure(since: Date(timeIntervalSince1970: 0), reasons: []) : nil
            return (ClaimState(phase, failure: failure), SentPower(phase))
        }
        let name = try string(word, at: "\(path).State")
        let step = try entry["Step"].map { value throws(StoreError) in
            try self.word(value, at: "\(path).Step", as: ClaimState.StartStep.self)
        }
        let failure = try failure(entry["Failure"], at: "\(path).Failure", &others)
        guard ClaimState.names.contains(name) else {
            throw fault(
                "\(path).State",
                "\(name) is none of \(ClaimState.names.joined(separator: ", "))")
        }
        guard let state = ClaimState(name: name, step: step, failure: failure) else {
            throw fault(
                "\(path).State",
                "\(name) \(name == "starting" ? "needs" : "has no") `Step`, and"
                    + " \(failure == nil ? "needs" : "has no") `Failure`, unless it is another state"
            )
        }
        if let isFailed, state.isDescribed == isFailed {
            throw fault(
                "\(path).State",
                "\(name) stands in the wrong array: it belongs to"
                    + " \(state.isDescribed ? "Instances" : "NonFunctional")")
        }
        return (state, try power(entry["Power"], at: "\(path).Power", &others))
    }

    private func phase(
        _ entry: JSONObject, at path: String
    ) throws(StoreError) -> ClaimState.Phase {
        switch try optionalString(entry["Phase"], at: "\(path).Phase") {
        case nil, "active": return .active
        case "releasing": return .releasing
        case "provisioning":
            return .provisioning(
                try word(
                    entry["Step"] ?? .null, at: "\(path).Step", as: ClaimState.StartStep.self))
        case let other?:
            throw fault("\(path).Phase", "\(other) is none of provisioning, active, releasing")
        }
    }

    private func failure(
        _ value: JSON?, at path: String, _ others: inout JSONObject
    ) throws(StoreError) -> ClaimState.Failure? {
        guard let value, !value.isNull else { return nil }
        let object = try object(value, at: path)
        var reasons: [String] = []
        for reason in try list(object["Reasons"] ?? [], at: "\(path).Reasons") {
            reasons.append(try string(reason, at: "\(path).Reasons"))
        }
        keep(object.members(except: StateKeys.failure), of: "Failure", &others)
        return ClaimState.Failure(
            since: try date(object["Since"], at: "\(path).Since") ?? Date(timeIntervalSince1970: 0),
            reasons: reasons,
            cause: try object["Cause"].map { value throws(StoreError) in
                try word(value, at: "\(path).Cause", as: ClaimState.Failure.Cause.self)
            } ?? .health)
    }

    private func power(
        _ value: JSON?, at path: String, _ others: inout JSONObject
    ) throws(StoreError) -> SentPower {
        guard let value, !value.isNull else { return SentPower() }
        let object = try object(value, at: path)
        keep(object.members(except: StateKeys.power), of: "Power", &others)
        let isConfirmedOff = object["ConfirmedOff"] ?? false
        guard let isConfirmedOff = isConfirmedOff.bool else {
            throw fault(
                "\(path).ConfirmedOff", "is \(isConfirmedOff.typeName) and should be a boolean")
        }
        return SentPower(
            pendingOns: Int(
                clamping: try natural(object["PendingOns"] ?? 0, at: "\(path).PendingOns")),
            lastOn: try date(object["LastOn"], at: "\(path).LastOn"),
            answered: try date(object["Answered"], at: "\(path).Answered"),
            isConfirmedOff: isConfirmedOff)
    }

    // MARK: Machine

    private func machine(
        _ value: JSON?, at path: String, _ others: inout JSONObject
    ) throws(StoreError) -> Machine? {
        guard let value, !value.isNull else { return nil }
        let object = try object(value, at: path)
        keep(object.members(except: StateKeys.machine), of: "Machine", &others)
        // What is stored was looked at when it was noted: a placeholder isn't among it.
        var identity = SystemIdentity()
        for identifier in SystemIdentity.Identifier.allCases {
            let name = identifier.memberName
            identity[identifier] = try optionalString(object[name], at: "\(path).\(name)")
        }
        var unreliable: Set<SystemIdentity.Identifier> = []
        for name in try list(object["Unreliable"] ?? [], at: "\(path).Unreliable") {
            let name = try string(name, at: "\(path).Unreliable")
            guard let identifier = SystemIdentity.Identifier(memberName: name) else {
                throw fault(
                    "\(path).Unreliable", "\(name) is none of UUID, SerialNumber, ServiceTag")
            }
            unreliable.insert(identifier)
        }
        return Machine(
            address: MachineAddress(
                provider: try string(object["Provider"] ?? .null, at: "\(path).Provider"),
                bmc: try string(object["BMC"] ?? .null, at: "\(path).BMC"),
                system: try optionalString(object["System"], at: "\(path).System")),
            identity: identity, unreliable: unreliable)
    }

    private func lastCarrier(
        _ value: JSON, at path: String, _ others: inout JSONObject
    ) throws(StoreError) -> LastCarrier {
        let object = try object(value, at: path)
        keep(object.members(except: StateKeys.lastCarrier), of: "LastCarrier", &others)
        return LastCarrier(
            key: LogicalIDKey(
                logicalID: try string(object["LogicalID"] ?? .null, at: "\(path).LogicalID"),
                group: try optionalString(object["Group"], at: "\(path).Group")),
            sequence: try integer(object["Sequence"] ?? 0, at: "\(path).Sequence"))
    }
}

extension SystemIdentity.Identifier {
    /// The member of `Machine` that holds it.
    var memberName: String {
        switch self {
        case .uuid: "UUID"
        case .serialNumber: "SerialNumber"
        case .serviceTag: "ServiceTag"
        }
    }

    init?(memberName: String) {
        guard let identifier = Self.allCases.first(where: { $0.memberName == memberName }) else {
            return nil
        }
        self = identifier
    }
}
