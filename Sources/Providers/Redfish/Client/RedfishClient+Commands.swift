internal import Core
internal import HTTPClient

extension RedfishClient {
    /// Sends a command, `POST` or `PATCH`, and returns once the BMC accepts it. What it answers
    /// with 2xx, a task included (DSP0266, asynchronous operations), is not looked at.
    ///
    /// A resource may be changed only with the entity tag of its present state (DSP0266, ETags;
    /// RFC 6585, section 3). Since many BMCs refuse a tag that they issued themselves, one is sent
    /// only where the BMC asked for it.
    func command(
        _ method: String, _ link: String, _ body: JSON
    ) async throws(RedfishFailure) {
        var response = try await send(method, link, body)
        if response.status == 428 || response.status == 412,
            let tag = try await get(link).entityTag
        {
            response = try await send(method, link, body, ifMatch: tag)
        }
        guard (200..<300).contains(response.status) else {
            throw failure(for: response, "", isCommand: true)
        }
    }
}
