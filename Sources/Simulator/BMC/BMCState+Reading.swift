internal import Core
internal import NIOCore

extension BMCState {
    func read(_ resource: FixtureResource, query: String?) throws(Refusal) -> SimulatedAnswer {
        var body = text(of: resource)
        if speaks(.noSessions), resource.path == ResourcePath.root,
            let root = try? JSON(parsing: body.readableBytesView)
        {
            body = ByteBuffer(bytes: Self.withoutSessions(root).encoded())
        }
        if let query, query.utf8.contains(UInt8(ascii: "$")) {
            let wanted = try ResourceQuery(query, supported: fixture.queries)
            if let parsed = try? JSON(parsing: body.readableBytesView) {
                let answer = wanted.apply(to: parsed) { link in
                    fixture.resource(at: ResourcePath.canonical(link)).flatMap { json(of: $0) }
                }
                body = ByteBuffer(bytes: answer.encoded())
            }
        }
        var headers = resource.headers
        if let etag = etag(of: resource) { headers.append(("ETag", etag)) }
        return SimulatedAnswer(status: 200, headers: headers, bodyBuffer: body)
    }

    /// The resource as it is served now.
    func json(of resource: FixtureResource) -> JSON? {
        try? JSON(parsing: text(of: resource).readableBytesView)
    }

    /// The ETag that a client gets and has to give back; nil where there is none.
    func etag(of resource: FixtureResource) -> String? {
        guard !speaks(.noETag) else { return nil }
        if let system = resource.system { return systemETag(system) }
        if let change = changes[resource.path] { return "W/\"changed-\(change.revision)\"" }
        return resource.etag
    }

    private func systemETag(_ system: Int) -> String {
        "W/\"\(systems[system].revision)\""
    }

    private func text(of resource: FixtureResource) -> ByteBuffer {
        let text = resource.template.rendered { value(of: $0) }
        guard let change = changes[resource.path],
            let recorded = (try? JSON(parsing: text.readableBytesView))?.object
        else { return text }
        var merged = recorded.merged(with: change.overlay)
        if merged["@odata.etag"] != nil, let etag = etag(of: resource) {
            merged["@odata.etag"] = .string(etag)
        }
        return ByteBuffer(bytes: JSON.object(merged).encoded())
    }

    private func value(of slot: Slot) -> JSON {
        switch slot {
        case .power(let system):
            let power = systems[system].shownPower ?? systems[system].power.reported
            return power == .unknown ? .null : .string(power.rawValue)
        case .status(let system):
            return .object(systems[system].status(recorded: fixture.systems[system]))
        case .boot(let system):
            return .object(systems[system].boot?.object ?? JSONObject())
        case .etag(let system):
            return .string(systemETag(system))
        case .deviceName(let system):
            return .string(SimulatedRack.deviceName(firstDevice + system))
        case .serialNumber(let system):
            return .string(Identity.serialNumber(device: firstDevice + system))
        case .serviceTag(let system):
            return .string(Identity.serviceTag(device: firstDevice + system))
        case .uuid(let number, let isHyphenated, let isUpperCase):
            var uuid = Identity.uuid(number, bmc: index)
            if !isHyphenated { uuid.removeAll { $0 == "-" } }
            return .string(isUpperCase ? uuid.uppercased() : uuid)
        case .mac(let number, let upperCase):
            return .string(Identity.mac(number, bmc: index, upperCase: upperCase))
        }
    }
}
