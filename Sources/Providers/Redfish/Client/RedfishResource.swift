internal import Core

/// A resource as a BMC returned it.
struct RedfishResource: Sendable {
    /// The link by which it was read.
    let path: String
    /// An object.
    let json: JSON
    /// What must accompany a change, if the BMC insists: the answer's `ETag`, else the resource's
    /// `@odata.etag` (DSP0266, ETags).
    let entityTag: String?

    init(path: String, json: JSON, entityTag: String? = nil) {
        self.path = path
        self.json = json
        self.entityTag = entityTag ?? json["@odata.etag"]?.string
    }

    /// The schema's name in `@odata.type`, `#ComputerSystem.v1_5_0.ComputerSystem` (DSP0266, resource type property);
    /// nil if it is missing.
    var typeName: String? {
        json.text("@odata.type").map { type in
            String(type.drop { $0 == "#" }.prefix { $0 != "." })
        }
    }
}
