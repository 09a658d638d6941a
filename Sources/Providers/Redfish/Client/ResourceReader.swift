internal import Core
internal import Locking

/// Reads many resources for one purpose: within bounds, each but once, noting what it left out.
final class ResourceReader: Sendable {
    /// What one purpose may cost.
    struct Limits: Sendable {
        var requests = 300
        /// How long it may take altogether.
        var duration: Duration = .seconds(180)
        /// Whether a BMC that stops answering, or is busy, ends it with an error; else what it
        /// did not answer is noted.
        var isStrict = false
    }

    private struct State {
        var requests = 0
        var read: [String: RedfishResource] = [:]
        var failed: Set<String> = []
        var skipped: [HealthReport.Skip] = []
        /// What the BMC answered first: what it is asked for after a silence.
        var answered: String?
        var stopped: String?
        var repaired: [String] = []
        var expansion: ServiceRoot.Expansion?
    }

    /// What could not be read, by the reason, in the order of the first of each.
    private struct Failures {
        private(set) var paths: [(reason: Reason, paths: [String])] = []

        mutating func add(_ path: String, _ reason: Reason) {
            if let index = paths.firstIndex(where: { $0.reason == reason }) {
                paths[index].paths.append(path)
            } else {
                paths.append((reason, [path]))
            }
        }
    }

    /// Why something was not read.
    private struct Reason: Hashable {
        let text: String
        /// Whether it is there, or may be.
        let mayHideFaults: Bool
    }

    private let client: RedfishClient
    private let limits: Limits
    private let time: any TimeSource
    private let end: Duration
    private let state = Mutex(State())

    private static let maximumMembers = 2000

    init(client: RedfishClient, limits: Limits = Limits(), time: any TimeSource = SystemTime()) {
        self.client = client
        self.limits = limits
        self.time = time
        end = time.uptime + limits.duration
    }

    /// How many requests were sent.
    var requests: Int { state.withLock { $0.requests } }
    /// What was no strict JSON, and was read leniently.
    var repaired: [String] { state.withLock { $0.repaired } }
    /// What was left out, and why.
    var skipped: [HealthReport.Skip] { state.withLock { $0.skipped } }

    /// A link for a person.
    func shown(_ link: String) -> String { client.text.readable(link: link) }

    /// Notes something that is left out.
    func skip(_ what: String, why: String, mayHideFaults: Bool = false) {
        let skip = HealthReport.Skip(
            shown(what), why: why, mayHideFaults: mayHideFaults)
        state.withLock { if !$0.skipped.contains(skip) { $0.skipped.append(skip) } }
    }

    /// What was noted of a resource that could not be read; nil if it was read, or not asked for.
    func skip(of link: String) -> HealthReport.Skip? {
        let shown = Self.key(shown(link))
        return state.withLock { $0.skipped.first { Self.key($0.what) == shown } }
    }

    /// Takes what was read already, so that it is not read again.
    func adopt(_ resource: RedfishResource) {
        state.withLock { $0.read[Self.key(resource.path)] = resource }
    }

    /// The service root, which some services know without the slash only.
    func rootResource() async throws(RedfishFailure) -> RedfishResource? {
        if let known = state.withLock({ $0.read[Self.key(ServiceRoot.path)] }) { return known }
        if let root = try await attempt(String(ServiceRoot.path)) {
            adopt(root)
            return root
        }
        return try await resource(String(ServiceRoot.path.dropLast()))
    }

    /// The service root of a BMC of which nothing is known yet.
    /// - Throws: why it can't be read.
    func requiredRootResource() async throws(RedfishFailure) -> RedfishResource {
        var missing: RedfishFailure?
        for path in [String(ServiceRoot.path), String(ServiceRoot.path.dropLast())] {
            do throws(RedfishFailure) {
                let root = try await request(path)
                adopt(root)
                return root
            } catch {
                guard error.isGone else { throw error }
                missing = missing ?? error
            }
        }
        throw RedfishFailure(
            .refused,
            "\(missing?.text ?? "no answer"); there is no Redfish service at this address",
            status: missing?.status)
    }

    /// The service root, understood.
    func root() async throws(RedfishFailure) -> ServiceRoot? {
        guard let root = try await rootResource().map(ServiceRoot.init) else { return nil }
        state.withLock { $0.expansion = $0.expansion ?? root.expansion }
        return root
    }

    /// The resource, or nil if there is no link, or it is noted as left out.
    /// - Throws: if the BMC does not let us in, the task is cancelled or, with strict limits, the
    ///   BMC does not answer.
    func resource(_ link: String?) async throws(RedfishFailure) -> RedfishResource? {
        guard let link else { return nil }
        var failures = Failures()
        let resource = try await resource(link, noting: &failures)
        for (reason, _) in failures.paths { skip(link, reason) }
        return resource
    }

    private func skip(_ what: String, _ reason: Reason) {
        skip(what, why: reason.text, mayHideFaults: reason.mayHideFaults)
    }

    private func resource(
        _ link: String, noting failures: inout Failures
    ) async throws(RedfishFailure) -> RedfishResource? {
        let key = Self.key(link)
        if let known = state.withLock({ $0.read[key] }) { return known }
        if state.withLock({ $0.failed.contains(key) }) { return nil }
        if let danger = link.danger {
            failures.add(link, Reason(text: danger, mayHideFaults: false))
            return nil
        }
        if let exhaustion {
            failures.add(link, Reason(text: exhaustion, mayHideFaults: true))
            return nil
        }
        do throws(RedfishFailure) {
            let resource = try await request(link)
            state.withLock { $0.read[key] = resource }
            return resource
        } catch {
            guard isBearable(error) else { throw error }
            _ = state.withLock { $0.failed.insert(key) }
            failures.add(link, Self.reason(error, link))
            return nil
        }
    }

    /// The resource, or nil if it can't be read; nothing is noted, for there is another way.
    func attempt(_ link: String) async throws(RedfishFailure) -> RedfishResource? {
        guard exhaustion == nil, link.danger == nil else { return nil }
        do throws(RedfishFailure) {
            return try await request(link)
        } catch {
            guard isBearable(error) else { throw error }
            return nil
        }
    }

    /// The members of a collection that can be read, with `$expand` where the service offers it.
    /// - Parameters:
    ///   - limit: how many members at the most.
    ///   - again: whether a collection that was read already is read once more to get its members
    ///     with it.
    func members(
        of collection: String?, limit: Int = maximumMembers, again: Bool = false
    ) async throws(RedfishFailure) -> [RedfishResource] {
        guard let collection else { return [] }
        var members: [RedfishResource] = []
        var failures = Failures()
        var seen: Set<String> = []
        var mayLackHealth = false
        var next: String? = collection
        var listed = 0
        var total: Int?
        while let link = next, seen.insert(link).inserted, members.count < limit {
            guard let page = try await page(link, again: again) else { break }
            let content = ResourceCollection(page)
            guard content.isCollection else {
                skip(link, why: "it lists no members", mayHideFaults: true)
                break
            }
            listed += content.members.count
            total = total ?? max(content.total ?? 0, content.count)
            for path in content.members where members.count < limit {
                if let member = page.wholeMember(path) {
                    let whole = RedfishResource(path: path, json: member)
                    members.append(try await completed(whole, &mayLackHealth, &failures))
                } else if let resource = try await resource(path, noting: &failures) {
                    members.append(resource)
                }
            }
            next = content.nextLink
        }
        for (reason, paths) in failures.paths {
            let what = paths.count == 1 ? paths[0] : "\(paths.count) members of \(collection)"
            skip(what, reason)
        }
        if let total, listed < min(total, limit) {
            skip(
                collection, why: "of its \(total) members just \(listed) came",
                mayHideFaults: true)
        }
        return members
    }

    /// Whether a resource was read already.
    func hasRead(_ link: String) -> Bool {
        state.withLock { $0.read[Self.key(link)] != nil || $0.failed.contains(Self.key(link)) }
    }

    /// Whether collections bring their members.
    var expands: Bool { state.withLock { $0.expansion?.query != nil } }

    /// A member that came with its collection, read on its own where it was cut short: some
    /// services leave required properties out of what they expand (AMI's Viking, Lenovo's GB300),
    /// and a member that tells no health would be taken for a healthy one.
    /// - Parameter mayLackHealth: whether one of the collection tells none on its own either, so
    ///   that the others need not be asked.
    private func completed(
        _ member: RedfishResource, _ mayLackHealth: inout Bool, _ failures: inout Failures
    ) async throws(RedfishFailure) -> RedfishResource {
        guard !mayLackHealth, !member.tellsHealth, !member.json.isLogEntry,
            let whole = try await resource(member.path, noting: &failures)
        else { return member }
        mayLackHealth = !whole.tellsHealth
        return whole
    }

    /// Notes where a resource counts more parts under `key` than it brings.
    func checkCount(of key: String, in resource: RedfishResource) {
        let count = resource.json[key]?.array?.count { !$0.isNull } ?? 0
        guard let total = resource.json.positiveInteger("\(key)@odata.count"), total > count else {
            return
        }
        skip(
            "\(key) of \(resource.path)", why: "of \(total) just \(count) came",
            mayHideFaults: true)
    }

    /// Why no further request may be sent; nil if one may.
    var exhaustion: String? {
        let (requests, stopped) = state.withLock { ($0.requests, $0.stopped) }
        if let stopped { return stopped }
        if requests >= limits.requests { return "the limit of \(limits.requests) requests" }
        if time.uptime >= end { return "the limit of \(limits.duration.text)" }
        return nil
    }

    /// One page of a collection; a page of another collection is never asked for with a query of
    /// ours on top of the service's.
    private func page(
        _ link: String, again: Bool
    ) async throws(RedfishFailure) -> RedfishResource? {
        guard !link.contains("?"), exhaustion == nil,
            let query = state.withLock({ $0.expansion?.query }),
            again || state.withLock({ $0.read[Self.key(link)] == nil })
        else { return try await resource(link) }
        do throws(RedfishFailure) {
            let page = try await request(link + "?" + query)
            // What is expanded may lack some that are listed otherwise.
            return ResourceCollection(page).isCutShort ? try await resource(link) : page
        } catch {
            guard isBearable(error) else { throw error }
            // What is offered may still fail: from here on, one by one.
            state.withLock { $0.expansion = ServiceRoot.Expansion.none }
            if error.isGone { return try await resource(link) }
            skip("$expand", why: Self.reason(error, link).text)
            return try await resource(link)
        }
    }

    private func request(_ link: String) async throws(RedfishFailure) -> RedfishResource {
        state.withLock { $0.requests += 1 }
        do throws(RedfishFailure) {
            let resource = try await client.get(link)
            state.withLock { state in
                state.answered = state.answered ?? link
                if resource.isRepaired { state.repaired.append(link) }
            }
            return resource
        } catch {
            if error.isUnanswered, !limits.isStrict, await !answers(besides: link) {
                state.withLock { $0.stopped = "the BMC no longer answers" }
            }
            throw error
        }
    }

    /// Whether a BMC that was silent to a request answers what it answered before: then the
    /// silence is that resource's alone (Foxconn's GB200 never answers for its `ERoT` chassis).
    private func answers(besides link: String) async -> Bool {
        guard !Task.isCancelled, let known = state.withLock({ $0.answered }), known != link else {
            return false
        }
        state.withLock { $0.requests += 1 }
        do throws(RedfishFailure) {
            _ = try await client.get(known)
            return true
        } catch {
            return !error.isUnanswered
        }
    }

    private func isBearable(_ error: RedfishFailure) -> Bool {
        if Task.isCancelled { return false }
        if error.concernsOnlyTheResource { return true }
        return !limits.isStrict && !error.isRefusedAccess
    }

    private static func key(_ link: String) -> String {
        let lower = link.lowercased()
        return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
    }

    // The text begins with the request, whose path is said already.
    private static func reason(_ error: RedfishFailure, _ link: String) -> Reason {
        let prefix = "GET \(link): "
        let text =
            error.text.hasPrefix(prefix) ? String(error.text.dropFirst(prefix.count)) : error.text
        return Reason(
            text: text.readable(limit: 160), mayHideFaults: !error.tellsOfAbsence)
    }
}

extension RedfishResource {
    /// Whether it says anything of its health, or that there is nothing that might have one.
    fileprivate var tellsHealth: Bool {
        let status = Status(json["Status"])
        return status.told != nil || status.isAbsent
    }

    /// The member of this collection, if it came with it.
    fileprivate func wholeMember(_ path: String) -> JSON? {
        json["Members"]?.array?.first { $0.isWholeResource && $0["@odata.id"]?.string == path }
    }
}

extension JSON {
    /// Whether this is an entry of a log, which has no `Status` (DSP2046 `LogEntry`).
    fileprivate var isLogEntry: Bool {
        self["EntryType"] != nil || self["Severity"] != nil || self["MessageId"] != nil
    }

    /// Whether this is a resource and not merely a link to one.
    var isWholeResource: Bool {
        guard let object else { return false }
        return object.count > 2
            && (object["Id"] != nil || object["Name"] != nil || object["MemberId"] != nil)
    }
}
