internal import Core

/// Members that another program wrote into an object of an entry or a mark stand in
/// ``DeviceRecord/others`` under that object's name, which is none of theirs.
extension DeviceRecord {
    /// What is kept of the record: what others wrote into an object goes with the object. Nil if that
    /// is nothing.
    var kept: DeviceRecord? {
        var kept = self
        if !others.isEmpty {
            if claim == nil { kept.others["Spec"] = nil }
            if claim == nil || claim?.power == SentPower() { kept.others["Power"] = nil }
            if claim?.state.failure == nil { kept.others["Failure"] = nil }
            if machine == nil { kept.others["Machine"] = nil }
            if lastCarrier == nil { kept.others["LastCarrier"] = nil }
            if cordon == nil { kept.others["Cordon"] = nil }
        }
        // Without a device, there is no place for a mark.
        return kept.isBlank || (key.deviceName == nil && claim == nil) ? nil : kept
    }

    /// Whether a member of ``others`` stands in an object of its own name.
    static func isNested(_ name: String) -> Bool {
        StateKeys.entry.contains(name) || StateKeys.mark.contains(name)
    }
}

extension JSONObject {
    /// Adds what another program wrote into the object.
    mutating func add(_ others: JSON?) {
        guard let others = others?.object else { return }
        for (key, value) in others where self[key] == nil { self[key] = value }
    }

    /// The members but for those of the given names.
    func members(except known: Set<String>) -> JSONObject {
        var rest: JSONObject = [:]
        for (key, value) in self where !known.contains(key) { rest[key] = value }
        return rest
    }
}
