internal import Core

/// The crawl that several workers share.
actor CrawlState {
    private var frontier: CrawlFrontier
    private var resources: [RecordedResource] = []
    private var progress = CrawlProgress()
    private var underWay = 0
    private var idle: [CheckedContinuation<Void, Never>] = []
    private var silence = 0
    /// Answers 401 and 403, before anything was read that says that we are let in.
    private var refusals: [String] = []
    private var isAdmitted: Bool
    private var unkept: [RecordedResource] = []
    private var failure: RecordingError?
    private let sink: @Sendable (RecordedResource, CrawlProgress) throws -> Void

    // A service that fell silent is not asked for the rest: the recording is resumed when it is
    // back.
    private static let patience = 3
    // One resource may be closed to a user to whom others are open.
    private static let refusalsThatTell = 3

    init(
        _ frontier: CrawlFrontier, resuming earlier: [RecordedResource],
        sink: @escaping @Sendable (RecordedResource, CrawlProgress) throws -> Void
    ) {
        var frontier = frontier
        for resource in earlier {
            frontier.resume(with: resource, bytes: resource.size)
            progress.count(resource)
        }
        resources = earlier
        isAdmitted = earlier.contains(where: Self.tellsOfAdmission)
        progress.waiting = frontier.waiting
        self.frontier = frontier
        self.sink = sink
    }

    /// Whether a resource is open only to whom the service lets in: not the root, nor what anybody may
    /// read, nor where one whose password must be changed first may still change it (DSP0266, 13.2
    /// and 13.3).
    private static func tellsOfAdmission(_ resource: RecordedResource) -> Bool {
        resource.isRead && resource.path != "/redfish/v1"
            && !open.contains { resource.path.hasPrefix("/redfish/v1/" + $0) }
    }

    private static let open = [
        "SessionService", "AccountService", "Registries", "JsonSchemas", "odata", "$metadata",
    ]

    /// The next step; waits while others may still find links. Nil at the end.
    func next() async -> CrawlFrontier.Step? {
        while failure == nil, !Task.isCancelled {
            if let step = frontier.next() {
                underWay += 1
                return step
            }
            if underWay == 0 { return nil }
            await withCheckedContinuation { idle.append($0) }
        }
        return nil
    }

    /// Takes what came.
    /// - Parameters:
    ///   - isAlone: whether the service answers, but not for this.
    ///   - refusal: what to say if it turns out that nobody is let in.
    func finish(_ resource: RecordedResource, isAlone: Bool, refusal: String) {
        end()
        silence = resource.status == nil && !isAlone ? silence + 1 : 0
        if Self.tellsOfAdmission(resource) { isAdmitted = true }
        if [401, 403].contains(resource.status), !isAdmitted { refusals.append(refusal) }
        resources.append(resource)
        frontier.receive(resource, bytes: resource.size)
        progress.count(resource)
        progress.waiting = frontier.waiting
        if silence >= Self.patience {
            return fail("the service stopped answering: \(resource.problem ?? "")")
        }
        if !isAdmitted, refusals.count >= Self.refusalsThatTell { return fail(refusals[0]) }
        // What got no answer, or was refused, is not kept until it is clear that the service has
        // others, for what is kept is not asked for again.
        unkept.append(resource)
        if resource.status != nil, isAdmitted || refusals.isEmpty { keep() }
    }

    private func keep() {
        do {
            for resource in unkept { try sink(resource, progress) }
            unkept = []
        } catch {
            fail("\(error)")
        }
    }

    /// Stops all workers.
    func fail(_ message: String) {
        failure = failure ?? RecordingError(message)
        wake()
    }

    /// The step was not carried out.
    func abandon() {
        end()
    }

    func recording(of source: String) throws(RecordingError) -> Recording {
        if let failure { throw failure }
        if !isAdmitted, let refusal = refusals.first { throw RecordingError(refusal) }
        return Recording(resources: resources, skipped: frontier.skipped, source: source)
    }

    private func end() {
        underWay -= 1
        wake()
    }

    private func wake() {
        for waiter in idle { waiter.resume() }
        idle = []
    }
}

extension CrawlProgress {
    fileprivate mutating func count(_ resource: RecordedResource) {
        bytes += resource.size
        if resource.isRead { read += 1 } else { failed += 1 }
    }
}

extension RecordedResource {
    /// How much of the limit on bytes it takes.
    fileprivate var size: Int {
        switch content {
        case .json(let json): json.encoded().count
        case .text(let bytes): bytes.count
        case .nothing: 0
        }
    }
}
