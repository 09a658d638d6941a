/// A logical ID within its group: two groups may use the same one.
struct LogicalIDKey: Hashable, Sendable {
    let logicalID: String
    let group: String?
}
