internal import Core

extension BMCState {
    /// Checks who asks (DSP0266, "Authentication").
    mutating func authorise(_ request: SimulatedRequest) throws(Refusal) {
        guard let expected = settings.authorization else { return }
        if let token = request.header("X-Auth-Token") {
            let isLogout = request.method == "DELETE"
            if speaks(.uselessTokens), !isLogout { throw .unauthorised }
            if speaks(.tokensForReading), !request.isRead, !isLogout { throw .unauthorised }
            if speaks(.forbiddenTokens), !isLogout {
                throw Refusal(
                    403, of: "Base.1.18.NoValidSession",
                    "There is no valid session established with the implementation.")
            }
            guard sessions.use(token: token, limit: speaks(.forgetful) ? 5 : nil) else {
                throw .unauthorised
            }
            return
        }
        guard let given = request.header("Authorization") else { throw .unauthorised }
        guard given == expected, !speaks(.sessionOnly) else {
            sessions.refusedLogins += 1
            throw .unauthorised
        }
        // An iDRAC opens a session for each request with Basic credentials.
        if speaks(.fewSessions), sessions.count >= sessionLimit { throw .userSessionLimit }
    }

    /// How many sessions there can be at one time.
    var sessionLimit: Int {
        speaks(.fewSessions) ? 2 : settings.configuration.sessionLimit
    }

    /// Whether a dialect leaves out a resource that the fixture has.
    func isHidden(_ path: String) -> Bool {
        speaks(.noSessions) && path.hasPrefix(ResourcePath.root + "/SessionService")
    }

    /// The service root without a sign of sessions.
    static func withoutSessions(_ root: JSON) -> JSON {
        guard var object = root.object else { return root }
        object["SessionService"] = nil
        if var links = object["Links"]?.object {
            links["Sessions"] = nil
            object["Links"] = .object(links)
        }
        return .object(object)
    }

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
            else {
                sessions.refusedLogins += 1
                throw .unauthorised
            }
        }
        if speaks(.basicOnly) || speaks(.flakyLogin) && count(.flakyLogin) % 3 == 2 {
            sessions.refusedLogins += 1
            throw .unauthorised
        }
        guard let (session, token) = sessions.open(userName: userName, limit: sessionLimit)
        else { throw speaks(.fewSessions) ? .userSessionLimit : .sessionLimit }
        return loginAnswer(session, token, at: path + "/" + session.id)
    }

    private func loginAnswer(
        _ session: SessionTable.Session, _ token: String, at place: String
    ) -> SimulatedAnswer {
        let body = Self.json(of: session, at: place)
        if speaks(.noToken) {
            return SimulatedAnswer(status: 201, headers: [("Location", place)], json: body)
        }
        if speaks(.tokenInBody), var object = body.object {
            object["X-Auth-Token"] = .string(token)
            return SimulatedAnswer(
                status: 201, headers: [("Location", "https://bmc.example" + place)],
                json: .object(object))
        }
        return SimulatedAnswer(
            status: 201, headers: [("X-Auth-Token", token), ("Location", place)], json: body)
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
