/// What InfraKit is told about an instance (`instance.Description`), kept in encoded form so that
/// a describe copies bytes and encodes nothing.
public struct InstanceDescription: Sendable, Hashable {
    public let id: String
    public let logicalID: String?
    public let tags: [String: String]
    public let properties: JSON
    /// As JSON, without `Properties`.
    public let brief: [UInt8]
    /// As JSON, with `Properties`.
    public let full: [UInt8]

    init(id: String, logicalID: String?, tags: [String: String], properties: JSON) {
        self.id = id
        self.logicalID = logicalID
        self.tags = tags
        self.properties = properties
        var members: JSONObject = [
            "ID": .string(id), "LogicalID": JSON(logicalID), "Tags": JSON(tags),
        ]
        brief = JSON.object(members).encoded()
        members["Properties"] = properties
        full = JSON.object(members).encoded()
    }
}
