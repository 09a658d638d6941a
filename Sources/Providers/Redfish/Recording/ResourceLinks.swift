internal import Core

/// The links of one resource, in the order in which they stand in it.
struct ResourceLinks {
    /// All but the members of a collection.
    private(set) var others: [String] = []
    /// The members of the page of a collection.
    private(set) var members: [String] = []
    /// The collection's next page (DSP0266, "Resource collections": `Members@odata.nextLink`).
    private(set) var next: String?
    /// Where actions are posted to; never to be read.
    private(set) var targets: [String] = []

    init(_ resource: JSON) {
        guard case .object(let object) = resource else { return }
        for (key, value) in object where key != "@odata.id" {
            if key == "Members" {
                for member in value.array ?? [] { addMember(member) }
            } else {
                add(value, under: key, isInActions: false)
            }
        }
    }

    private mutating func addMember(_ member: JSON) {
        // Before version 1.0 a link was {"href": …} (the iLO 4 still shows both).
        if let link = member["@odata.id"]?.string ?? member["href"]?.string { members.append(link) }
        guard case .object(let object) = member else { return }
        for (key, value) in object where key != "@odata.id" && key != "href" {
            add(value, under: key, isInActions: false)
        }
    }

    private mutating func add(_ value: JSON, under key: String, isInActions: Bool) {
        switch value {
        case .string(let text):
            if key == "@odata.id" || key == "href" {
                if !isInActions { others.append(text) }
            } else if key.hasSuffix("@odata.nextLink") {
                next = text
            } else if key == "@Redfish.ActionInfo" {
                // An object by the standard; Cray's firmware writes a bare string.
                others.append(text)
            } else if key == "target", isInActions {
                targets.append(text)
            }
        case .array(let elements):
            for element in elements { add(element, under: key, isInActions: isInActions) }
        case .object(let object):
            if key == "@Redfish.ActionInfo", let link = object["@odata.id"]?.string {
                return others.append(link)
            }
            let isInside = isInActions || key == "Actions"
            for (key, value) in object { add(value, under: key, isInActions: isInside) }
        default: break
        }
    }
}
