internal import Core

/// One page of a collection (DSP0266, resource collections): `ComputerSystemCollection`,
/// `ProcessorCollection` and all the others have the same shape.
struct ResourceCollection {
    /// Links to the members on this page.
    let members: [String]
    /// Where the next page is (`Members@odata.nextLink`; some services write `@odata.nextLink`,
    /// or the last word in lower case); nil on the last.
    let nextLink: String?
    /// How many members the whole collection has, as the service counts; nil if it does not.
    let total: Int?
    /// How many members are on this page, whatever they are.
    let count: Int
    /// Whether it is a collection: it lists members, or says that there are none.
    let isCollection: Bool

    /// Whether this page holds fewer members than it says.
    var isCutShort: Bool {
        members.count < count || nextLink == nil && members.count < total ?? 0
    }

    init(_ resource: RedfishResource) {
        let members = resource.json.nestedLinks("Members")
        self.members = members.isEmpty ? resource.json.nestedLinks("Member") : members
        let next = resource.json.object?.first { $0.key.lowercased().hasSuffix("odata.nextlink") }
        nextLink = next.flatMap { resource.json.link($0.key) }
        total = resource.json.positiveInteger("Members@odata.count")
        let list = resource.json["Members"]?.array
        count = list?.count ?? self.members.count
        isCollection =
            list != nil || !self.members.isEmpty
            || ["Members@odata.count", "Total"].contains { resource.json.numeric($0) == 0 }
            || ["Links", "links"].contains { resource.json[$0]?["Member"] != nil }
    }
}
