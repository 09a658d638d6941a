internal import Core

/// Members that are expanded without what the schema demands of them.
struct ExpandDialect: DialectBehaviour {
    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard request.isRead, request.query?.hasPrefix("$expand") == true,
            let resource = state.fixture.resource(at: ResourcePath.canonical(request.path)),
            var collection = state.json(of: resource)?.object,
            let members = collection["Members"]?.array
        else { return nil }
        collection["Members"] = .array(
            members.map { member in
                guard let path = member["@odata.id"]?.string,
                    let resource = state.fixture.resource(at: path),
                    var whole = state.json(of: resource)?.object
                else { return member }
                whole["Status"] = nil
                return .object(whole)
            })
        return SimulatedAnswer(status: 200, json: .object(collection))
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead, ResourcePath.canonical(request.path) == ResourcePath.root else {
            return
        }
        answer.edit { root in
            root["ProtocolFeaturesSupported"] = ["ExpandQuery": ["NoLinks": true]]
        }
    }
}
