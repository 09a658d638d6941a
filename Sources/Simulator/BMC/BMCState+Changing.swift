internal import Core

extension BMCState {
    /// Properties that no client may set in any resource.
    private static let readOnly: Set = [
        "Id", "Actions", "Links", "Manufacturer", "MemorySummary", "Model", "PowerState",
        "ProcessorSummary", "SerialNumber", "Status", "UUID",
    ]

    /// `PATCH`: takes all properties or none.
    mutating func patch(
        _ resource: FixtureResource, _ request: SimulatedRequest
    ) throws(Refusal) -> SimulatedAnswer {
        try checkPrecondition(of: request, on: resource)
        let wanted = try request.object().filter { !$0.key.hasPrefix("@") }
        guard !wanted.isEmpty else { throw .emptyJSON }
        let present = json(of: resource)?.object ?? JSONObject()
        let bootedSystem = fixture.systems.firstIndex {
            ($0.bootSettingsPath ?? $0.path) == resource.path
        }
        var boot: BootSettings?
        var rest = JSONObject()
        for (property, value) in wanted {
            if property == "Boot", let bootedSystem {
                boot = try patchedBoot(of: bootedSystem, value)
            } else if property == "Boot", resource.system != nil {
                throw .notWritable(property)
            } else {
                try Self.check(property, value, in: present)
                rest[property] = value
            }
        }
        if let boot, let bootedSystem { systems[bootedSystem].setBoot(boot) }
        if !rest.isEmpty { change(resource, merging: rest) }
        return try read(resource, query: nil)
    }

    /// Puts properties over the recorded ones, unchecked.
    mutating func change(_ resource: FixtureResource, merging properties: JSONObject) {
        changes[resource.path, default: ResourceChange()].merge(properties)
        if let system = resource.system { systems[system].noteChange() }
    }

    /// `ComputerSystem.Reset`.
    mutating func reset(
        _ system: Int, _ request: SimulatedRequest
    ) throws(Refusal) -> SimulatedAnswer {
        guard request.method == "POST" else {
            throw .methodNotAllowed(request.method, request.path, allow: "POST")
        }
        let action = "ComputerSystem.Reset"
        guard let value = try request.object()["ResetType"] else {
            throw .missingParameter(action, "ResetType")
        }
        let allowed = fixture.systems[system].resetTypes ?? ResetType.allCases.map(\.rawValue)
        guard let name = value.string, allowed.contains(name), let type = ResetType(rawValue: name)
        else {
            throw .unsupportedParameter(
                action, "ResetType", value: value.string ?? value.description, allowed: allowed)
        }
        if let status = systems[system].misuse(type) {
            return (200..<300).contains(status)
                ? SimulatedAnswer(status: status)
                : Refusal(
                    status, "InternalError",
                    "The request failed due to an internal service error.", resolution: "None."
                ).answer()
        }
        switch systems[system].receive(type) {
        case .accepted: break
        case .noEffect where !speaks(.strictReset): break
        case .noEffect: throw .noEffect(action, name)
        case .inTransition: throw .inTransition
        }
        return SimulatedAnswer(status: 204)
    }

    private func patchedBoot(of system: Int, _ value: JSON) throws(Refusal) -> BootSettings {
        guard var boot = systems[system].boot else { throw .unknownProperty("Boot") }
        guard let wanted = value.object else { throw .wrongType(of: "Boot", value) }
        try boot.patch(wanted)
        return boot
    }

    private static func check(
        _ property: String, _ value: JSON, in present: JSONObject
    ) throws(Refusal) {
        if readOnly.contains(property) { throw .notWritable(property) }
        guard let old = present[property] else { throw .unknownProperty(property) }
        if !old.isNull, !value.isNull, old.typeName != value.typeName {
            throw .wrongType(of: property, value)
        }
    }

    // RFC 9110, 13.1.1. Weak tags are compared too, for most BMCs have no others.
    func checkPrecondition(
        of request: SimulatedRequest, on resource: FixtureResource
    ) throws(Refusal) {
        guard !speaks(.noETag) else { return }
        guard let condition = request.header("If-Match") else {
            if speaks(.strictETag) { throw .preconditionRequired }
            return
        }
        guard condition != "*", let etag = etag(of: resource) else { return }
        let accepted = condition.split(separator: ",").map { Self.opaque($0) }
        if !accepted.contains(Self.opaque(etag[...])) { throw .preconditionFailed }
    }

    private static func opaque(_ etag: Substring) -> Substring {
        var tag = etag
        while tag.first == " " { tag = tag.dropFirst() }
        while tag.last == " " { tag = tag.dropLast() }
        return tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }
}
