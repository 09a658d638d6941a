/// One page of a collection (DSP0266, resource collections): `ComputerSystemCollection`,
/// `ProcessorCollection` and all the others have the same shape.
struct ResourceCollection {
    /// Links to the members on this page.
    let members: [String]
    /// Where the next page is (`Members@odata.nextLink`; some write it without the property's name);
    /// nil on the last.
    let nextLink: String?
    /// How many members there are on all pages (`Members@odata.count`); nil if that is not told.
    let count: Int?

    init(_ resource: RedfishResource) {
        let members = resource.json.nestedLinks("Members")
        self.members = members.isEmpty ? resource.json.nestedLinks("Member") : members
        nextLink =
            resource.json.link("Members@odata.nextLink") ?? resource.json.link("@odata.nextLink")
        count = resource.json.positiveInteger("Members@odata.count")
    }
}
