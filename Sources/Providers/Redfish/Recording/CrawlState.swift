internal import Core

/// The crawl that several workers share.
actor CrawlState {
    private var frontier: CrawlFrontier
    private var resources: [RecordedResource] = []
    private var progress = CrawlProgress()
    private var underWay = 0
    private var idle: [CheckedContinuation<Void, Never>] = []
    private var silence = 0
    private var unkept: [RecordedResource] = []
    private var failure: RecordingError?
    private let sink: @Sendable (RecordedResource, CrawlProgress) throws -> Void

    // A service that fell silent is not asked for the rest: the recording is resumed when it is
    // back.
    private static let patience = 3
    /// So many 401 and nothing read mean that it is not about single resources.
    private static let refusals = 2
    private var refusals = 0

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
        progress.waiting = frontier.waiting
        self.frontier = frontier
        self.sink = sink
    }

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

    func finish(_ resource: RecordedResource) {
        end()
        silence = resource.status == nil ? silence + 1 : 0
        resources.append(resource)
        frontier.receive(resource, bytes: resource.size)
        progress.count(resource)
        progress.waiting = frontier.waiting
        if resource.status == 401 { refusals += 1 }
        // The root is open to everybody.
        if refusals >= Self.refusals, !resources.dropFirst().contains(where: \.isRead) {
            return fail("the credentials are refused: \(resource.problem ?? "401")")
        }
        if silence >= Self.patience {
            return fail("the service stopped answering: \(resource.problem ?? "")")
        }
        // What got no answer is not kept until it is clear that the service has others.
        unkept.append(resource)
        if resource.status != nil { keep() }
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
        if refusals > 0, !resources.dropFirst().contains(where: \.isRead) {
            throw RecordingError("the credentials are refused; nothing but the root was read")
        }
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
