/// How much a BMC's answer may hold, by what was asked for. A resource has some hundred values; more
/// have only lists, and what is written for programs.
struct AnswerSize: Hashable, Sendable {
    /// Of the body, once unpacked.
    let bytes: Int
    /// Of JSON.
    let values: Int

    /// To a command, a login, or any request that fails.
    static let short = AnswerSize(bytes: 256 << 10, values: 5000)
    /// The largest resource that was seen, a BIOS' attributes, has 5,000 values in 200 KB.
    static let resource = AnswerSize(bytes: 2 << 20, values: 30_000)
    /// A log of 5,000 entries, or a vendor's registry of messages (Dell's EEMI has 4.6 MB).
    static let list = AnswerSize(bytes: 8 << 20, values: 150_000)

    /// To a request.
    init(to method: String, _ path: String) {
        guard method == "GET" else {
            self = .short
            return
        }
        let path = path.lowercased()
        let isList = ["/entries", "/registries", "/jsonschemas", "/schemastore", "$expand"]
            .contains(where: path.contains)
        self = isList ? .list : .resource
    }

    private init(bytes: Int, values: Int) {
        self.bytes = bytes
        self.values = values
    }
}
