internal import Core

/// `Boot` is read-only in the system, and is set in its settings resource alone (DSP0266, settings
/// resource), as on iDRAC 10: the system shows neither what is set nor what may be.
struct SettingsDialect: DialectBehaviour {
    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        if request.boot != nil, state.system(at: request) != nil { throw .notWritable("Boot") }
        let path = ResourcePath.canonical(request.path)
        guard
            let system = state.fixture.systems.firstIndex(where: {
                Self.settings(of: $0.path) == path
            }), var boot = state.systems[system].boot
        else { return nil }
        if let wanted = request.boot {
            try boot.patch(wanted)
            state.systems[system].setBoot(boot)
            return SimulatedAnswer(status: 202)
        }
        guard request.isRead else {
            throw .methodNotAllowed(request.method, request.path, allow: "GET, PATCH")
        }
        return SimulatedAnswer(
            status: 200,
            json: [
                "@odata.id": .string(path),
                "@odata.type": "#ComputerSystem.v1_22_0.ComputerSystem", "Id": "Settings",
                "Name": "Settings", "Boot": .object(boot.object),
            ])
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead, let system = state.system(at: request) else { return }
        let path = Self.settings(of: state.fixture.systems[system].path)
        answer.edit { resource in
            Self.hideOverride(in: &resource)
            if let boot = resource["Boot"]?.object {
                resource["Boot"] = .object(
                    JSONObject(boot.filter { !$0.key.contains("@") }.map { ($0.key, $0.value) }))
            }
            resource["@Redfish.Settings"] = [
                "@odata.type": "#Settings.v1_3_5.Settings",
                "SettingsObject": ["@odata.id": .string(path)],
            ]
        }
    }

    /// Shows no override, whatever is set.
    static func hideOverride(in resource: inout JSONObject) {
        guard var boot = resource["Boot"]?.object else { return }
        boot["BootSourceOverrideEnabled"] = "Disabled"
        boot["BootSourceOverrideTarget"] = "None"
        resource["Boot"] = .object(boot)
    }

    private static func settings(of system: String) -> String { system + "/Settings" }
}
