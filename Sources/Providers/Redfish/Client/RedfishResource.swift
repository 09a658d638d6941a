internal import Core

/// A resource as a BMC returned it.
struct RedfishResource: Sendable {
    /// The link by which it was read.
    let path: String
    /// An object.
    let json: JSON
    /// What a change of the resource is based on; nil if the service says nothing.
    let entityTag: EntityTag?
    /// Whether it is not quite JSON, and was read leniently.
    let isRepaired: Bool

    /// - Parameter entityTag: the answer's `ETag`.
    init(path: String, json: JSON, entityTag: String? = nil, isRepaired: Bool = false) {
        self.isRepaired = isRepaired
        self.path = path
        self.json = json
        self.entityTag = EntityTag(header: entityTag, property: json["@odata.etag"]?.string)
    }

    /// The schema's name in `@odata.type`, `#ComputerSystem.v1_5_0.ComputerSystem` (DSP0266, resource type property);
    /// nil if it is missing.
    var typeName: String? {
        json.text("@odata.type").map { type in
            String(type.drop { $0 == "#" }.prefix { $0 != "." })
        }
    }
}
