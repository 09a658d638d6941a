/// An answer that is served as it was recorded: what is no JSON, and errors.
struct RecordedAnswer: Sendable {
    let status: Int
    let contentType: String?
    let body: [UInt8]
}
