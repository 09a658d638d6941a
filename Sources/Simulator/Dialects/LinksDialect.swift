internal import Core

/// Links that are written or answered in other ways.
enum LinksDialect: DialectBehaviour {
    /// As in Redfish's first drafts: `links`, and `href` for `@odata.id`.
    case drafts
    /// The root is known without a slash only.
    case rootWithoutSlash
    /// Links end in a slash, and resources are known so only.
    case trailingSlashes

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard request.isRead else { return nil }
        switch self {
        case .rootWithoutSlash where request.path == ResourcePath.root + "/",
            .trailingSlashes where !request.path.hasSuffix("/"):
            throw .missing(request.path)
        default:
            return nil
        }
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead else { return }
        switch self {
        case .drafts: answer.edit(Self.asDrafted)
        case .trailingSlashes:
            answer.edit { resource in
                resource = Self.slashed(.object(resource)).object ?? resource
            }
        case .rootWithoutSlash: break
        }
    }

    private static func asDrafted(_ resource: inout JSONObject) {
        var links = JSONObject()
        for key in ["Systems", "Managers", "Processors", "Memory", "EthernetInterfaces"] {
            guard let link = resource[key]?["@odata.id"] else { continue }
            links[key] = ["href": link]
            resource[key] = nil
        }
        if let members = resource["Members"]?.array {
            links["Member"] = .array(
                members.map { ["href": $0["@odata.id"] ?? .null] })
            resource["Members"] = nil
        }
        resource["links"] = .object(links)
    }

    private static func slashed(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): .array(elements.map(slashed))
        case .object(let object):
            .object(
                JSONObject(
                    object.map { key, value in
                        guard key == "@odata.id", let link = value.string else {
                            return (key, slashed(value))
                        }
                        return (key, .string(link.hasSuffix("/") ? link : link + "/"))
                    }))
        default: value
        }
    }
}
