/// One resource of a fixture, ready to be served.
struct FixtureResource: Sendable {
    let path: String
    let template: ResourceTemplate
    /// The system that this resource is, by its index.
    let system: Int?
    let isCollection: Bool
    /// The `@odata.etag`, or the recorded `ETag` header.
    let etag: String?
    /// Recorded headers that are worth repeating.
    let headers: [(name: String, value: String)]
}
