extension RedfishClient {
    /// A service that pages without end, or in a circle, stops here.
    private static let maximumMembers = 10_000

    /// The links to all members of a collection, over all of its pages, each once.
    /// - Parameter insisting: see ``get(_:insisting:)``.
    func members(
        of collection: String, insisting: Bool = false
    ) async throws(RedfishFailure) -> [String] {
        var members: [String] = []
        var seen: Set<String> = []
        var listed: Set<String> = []
        var next: String? = collection
        while let page = next, seen.insert(page).inserted, members.count < Self.maximumMembers {
            let content = ResourceCollection(try await get(page, insisting: insisting))
            // With and without a slash at the end a link means the same.
            members += content.members.filter { link in
                listed.insert(link.hasSuffix("/") ? String(link.dropLast()) : link).inserted
            }
            next = content.nextLink
        }
        return members
    }

    /// The resource, or nil if the BMC has nothing to say about it: it is not there, or may not be
    /// read, or makes no sense.
    func getIfPossible(
        _ link: String, insisting: Bool = false
    ) async throws(RedfishFailure) -> RedfishResource? {
        do throws(RedfishFailure) {
            return try await get(link, insisting: insisting)
        } catch {
            guard error.concernsOnlyTheResource else { throw error }
            return nil
        }
    }

    /// The members of a collection that can be read; none if there is no collection.
    func readableMembers(
        of collection: String?
    ) async throws(RedfishFailure) -> [RedfishResource] {
        guard let collection else { return [] }
        let links: [String]
        do throws(RedfishFailure) {
            links = try await members(of: collection)
        } catch {
            guard error.concernsOnlyTheResource else { throw error }
            return []
        }
        var resources: [RedfishResource] = []
        for link in links {
            if let resource = try await getIfPossible(link) { resources.append(resource) }
        }
        return resources
    }
}
