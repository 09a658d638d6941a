public import Core

/// One answer of a service, without its secrets.
public struct RecordedResource: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        case json(JSON)
        /// What is no JSON object or array: XML, HTML, anything.
        case text([UInt8])
        case nothing
    }

    /// `/redfish/v1/Systems/1`, without a slash at the end; with the query of a collection's later
    /// pages.
    public var path: String
    /// The HTTP status; nil if there was no answer.
    public var status: Int?
    /// The headers that matter to a client, as they came.
    public var headers: [String: String]
    public var content: Content
    /// Why there was no answer.
    public var problem: String?

    public init(
        path: String, status: Int?, headers: [String: String] = [:], content: Content = .nothing,
        problem: String? = nil
    ) {
        self.path = path
        self.status = status
        self.headers = headers
        self.content = content
        self.problem = problem
    }

    /// Whether the service answered with the resource.
    public var isRead: Bool { status.map { (200..<300).contains($0) } ?? false }

    /// The resource, if it is JSON.
    public var json: JSON? {
        if case .json(let json) = content { json } else { nil }
    }
}
