internal import Core

/// The boot override is set in the system's future state, `SD`, which has an ETag of its own, and
/// refused in the system, as in AMI's firmware.
struct FutureStateDialect: DialectBehaviour {
    private static let tag = "\"future\""

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        if request.boot != nil, state.system(at: request) != nil {
            throw Refusal(
                400, of: "Ami.1.0.OperationSupportedInFutureStateURI",
                "The operation is supported in the future state URI.")
        }
        let path = ResourcePath.canonical(request.path)
        guard let system = state.fixture.systems.firstIndex(where: { $0.path + "/SD" == path }),
            var boot = state.systems[system].boot
        else { return nil }
        if let wanted = request.boot {
            guard request.header("If-Match") == Self.tag else { throw .preconditionFailed }
            try boot.patch(wanted)
            state.systems[system].setBoot(boot)
            return SimulatedAnswer(status: 204)
        }
        return SimulatedAnswer(
            status: 200, headers: [("ETag", Self.tag)],
            json: ["@odata.id": .string(path), "Id": "SD", "Boot": .object(boot.object)])
    }
}
