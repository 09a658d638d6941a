internal import Core
internal import HTTPClient

/// Follows what a BMC does after it has answered 202 (DSP0266, asynchronous operations).
///
/// The monitor may be a task monitor, which answers 202 until it answers what the operation would
/// have, or the task itself, which iDRAC and Supermicro name in `Location`. One that is not there
/// (any more) has ended: some are removed with their end. Whether the operation did what it should
/// is for the caller to read.
struct TaskFollower {
    let client: RedfishClient
    let time: any TimeSource

    enum Outcome: Hashable {
        case ended
        /// Taken and begun. It has not ended yet, or waits for a reset, or cannot be looked at.
        case accepted
    }

    private enum Look {
        case ended
        case goesOn(isPending: Bool, link: String?, pause: Duration?)
    }

    /// How long a task is followed that waits for something.
    private static let pendingPatience: Duration = .seconds(5)
    private static let firstPause: Duration = .milliseconds(250)
    private static let longestPause: Duration = .seconds(5)

    /// Looks until the operation ends, at the most `limit` long, with growing pauses or those that
    /// `Retry-After` asks for.
    /// - Throws: `refused` with the task's messages if it failed; what the operation was to do may
    ///   have been done all the same.
    func follow(
        _ answer: CommandAnswer, within limit: Duration
    ) async throws(RedfishFailure) -> Outcome {
        let begin = time.uptime
        var nextPause = Self.firstPause
        var monitor = answer.location
        var look = try begun(answer)
        while case .goesOn(let isPending, let link, let asked) = look {
            monitor = monitor ?? link
            let patience = isPending ? min(limit, Self.pendingPatience) : limit
            let rest = patience - (time.uptime - begin)
            guard let monitor, rest > .zero else { return .accepted }
            try await sleep(for: min(asked ?? nextPause, rest))
            nextPause = min(nextPause * 3 / 2, Self.longestPause)
            look = try await self.look(at: monitor)
        }
        return .ended
    }

    /// Looks once and at once: what failed in the meantime is known then.
    /// - Throws: `refused` with the task's messages if it failed; what the operation was to do may
    ///   have been done all the same.
    func glance(_ answer: CommandAnswer) async throws(RedfishFailure) -> Outcome {
        guard case .goesOn(_, let link, _) = try begun(answer) else { return .ended }
        guard let monitor = answer.location ?? link else { return .accepted }
        if case .ended = try await look(at: monitor) { return .ended }
        return .accepted
    }

    private func begun(_ answer: CommandAnswer) throws(RedfishFailure) -> Look {
        let pause = self.pause(answer)
        if let task = answer.json.flatMap(RedfishTask.init) { return try look(task, pause) }
        return answer.status == 202 ? .goesOn(isPending: false, link: nil, pause: pause) : .ended
    }

    private func look(at monitor: String) async throws(RedfishFailure) -> Look {
        // A monitor that is no link ends the matter.
        guard (try? client.path(of: monitor)) != nil else { return .ended }
        let response: HTTPResponse
        do throws(RedfishFailure) {
            response = try await client.send("GET", monitor)
        } catch {
            // A BMC that is busy with the task may pause.
            return .goesOn(isPending: false, link: nil, pause: nil)
        }
        let answer = CommandAnswer(response, client.mask)
        switch response.status {
        case 200..<300 where answer.json == nil && !response.body.isEmpty:
            // A page is no end of a task.
            return .goesOn(isPending: false, link: nil, pause: nil)
        case 200..<300:
            return try begun(answer)
        case 404, 410:
            return .ended
        case 401, 403, 408, 429, 502, 503, 504:
            return .goesOn(isPending: false, link: nil, pause: self.pause(answer))
        default:
            throw client.failure(for: response, "the BMC's task ended with ", isCommand: true)
                .afterCommand(true)
        }
    }

    private func look(_ task: RedfishTask, _ pause: Duration?) throws(RedfishFailure) -> Look {
        switch task.progress {
        case .completed: return .ended
        case .running: return .goesOn(isPending: false, link: task.link, pause: pause)
        case .pending: return .goesOn(isPending: true, link: task.link, pause: pause)
        case .failed:
            let messages = task.messages.map(\.description).joined(separator: "; ")
            let text = client.text.readable(messages, limit: 400)
            throw RedfishFailure(
                .refused,
                "the BMC's task ended with \(client.text.readable(task.state))"
                    + (text.isEmpty ? " and says nothing of why" : ": \(text)"),
                mayHaveActed: true)
        }
    }

    private func pause(_ answer: CommandAnswer) -> Duration? {
        RetryAfter.pause(in: answer.headers, now: time.date)
    }

    private func sleep(for duration: Duration) async throws(RedfishFailure) {
        do {
            try await time.sleep(for: duration)
        } catch {
            throw RedfishFailure(
                .unreachable, "cancelled before the BMC's task had ended", mayHaveActed: true)
        }
    }
}
