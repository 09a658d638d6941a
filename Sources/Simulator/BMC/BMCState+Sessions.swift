internal import Core

extension BMCState {
    /// The collection of sessions: login is a `POST` to it (DSP0266,
    /// "Redfish session login authentication").
    mutating func answerSessions(
        _ request: SimulatedRequest, at path: String
    ) throws(Refusal) -> SimulatedAnswer {
        switch request.method {
        case "GET", "HEAD": SimulatedAnswer(status: 200, json: sessionCollection(at: path))
        case "POST": try logIn(request, at: path)
        default:
            throw .methodNotAllowed(request.method, request.path, allow: "GET, HEAD, POST")
        }
    }

    /// One session: logout is its `DELETE`.
    mutating func answerSession(
        _ request: SimulatedRequest, id: String
    ) throws(Refusal) -> SimulatedAnswer {
        guard let session = sessions.session(id: id) else { throw .missing(request.path) }
        switch request.method {
        case "GET", "HEAD":
            return SimulatedAnswer(
                status: 200, json: Self.json(of: session, at: ResourcePath.canonical(request.path)))
        case "DELETE":
            _ = sessions.close(id: id)
            return SimulatedAnswer(status: 204)
        default:
            throw .methodNotAllowed(request.method, request.path, allow: "GET, HEAD, DELETE")
        }
    }

    private mutating func logIn(
        _ request: SimulatedRequest, at path: String
    ) throws(Refusal) -> SimulatedAnswer {
        let body = try request.object()
        guard let userName = body["UserName"]?.string, let password = body["Password"]?.string
        else { throw .missingParameter("CreateSession", "UserName and Password") }
        if let credentials = settings.configuration.credentials {
            guard userName == credentials.username, password == credentials.password.reveal()
            else { throw .unauthorised }
        }
        let limit = speaks(.fewSessions) ? 2 : settings.configuration.sessionLimit
        guard let (session, token) = sessions.open(userName: userName, limit: limit)
        else { throw .sessionLimit }
        let place = path + "/" + session.id
        return SimulatedAnswer(
            status: 201, headers: [("X-Auth-Token", token), ("Location", place)],
            json: Self.json(of: session, at: place))
    }

    private func sessionCollection(at path: String) -> JSON {
        var collection =
            fixture.resource(at: path).flatMap { json(of: $0) }?.object ?? [
                "@odata.id": .string(path),
                "@odata.type": "#SessionCollection.SessionCollection",
                "Name": "Sessions",
            ]
        let members = sessions.all.map { JSON(["@odata.id": path + "/" + $0.id]) }
        collection["Members"] = .array(members)
        collection["Members@odata.count"] = JSON(members.count)
        return .object(collection)
    }

    private static func json(of session: SessionTable.Session, at path: String) -> JSON {
        [
            "@odata.id": .string(path),
            "@odata.type": "#Session.v1_7_0.Session",
            "Id": .string(session.id),
            "Name": "User Session",
            "UserName": .string(session.userName),
        ]
    }
}
