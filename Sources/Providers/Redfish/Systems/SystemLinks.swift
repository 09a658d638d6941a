/// What is remembered of a device's place in its service, so that a routine look is one request.
struct SystemLinks: Hashable, Sendable {
    /// The system's path.
    let system: String
    /// What its reset action's `@Redfish.ActionInfo` allows, once that was read.
    var resetTypes: ResetTypes?

    /// An answer of an ActionInfo resource.
    struct ResetTypes: Hashable, Sendable {
        let actionInfo: String
        /// Nil if it says nothing of reset types.
        let values: [String]?
    }
}
