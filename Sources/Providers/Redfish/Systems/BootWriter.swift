internal import Core

/// Changes a system's boot settings and reads back what became of it.
///
/// A change costs two requests where all is well: the change, and one look at the system, for there
/// are BMCs that answer 200 and do nothing. Where the look shows something else, the settings
/// resource is looked at too, and both again after a quarter of a second, a half, one and two,
/// since some BMCs show a change late. Only then it is an error.
struct BootWriter {
    let client: RedfishClient
    let time: any TimeSource

    /// How long a task that carries out a change is followed. The instance is described by then.
    private static let taskPatience: Duration = .seconds(60)
    private static let pauses: [Duration] = [
        .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
    ]

    func places(of system: ComputerSystem) async throws(RedfishFailure) -> BootPlaces {
        guard let link = system.settingsObject else {
            return BootPlaces(system: system, settings: nil)
        }
        return BootPlaces(system: system, settings: try await client.getIfPossible(link))
    }

    /// Sends the change in one form after the other, to one place after the other, until it is
    /// there.
    /// - Throws: the first refusal, with the last one if that says something else.
    func write(_ change: BootChange, to places: BootPlaces) async throws(RedfishFailure) {
        var refusals: [RedfishFailure] = []
        for place in places.order {
            for form in change.forms {
                let result = await attempt { () async throws(RedfishFailure) in
                    try await send(form, to: place)
                }
                switch result {
                case .success(let answer):
                    let confirmation = await attempt { () async throws(RedfishFailure) in
                        try await confirm(change, in: places, answer)
                    }
                    guard case .failure(let failure) = confirmation else { return }
                    guard failure.kind == .refused else { throw failure }
                    refusals.append(failure)
                case .failure(let failure):
                    guard failure.isRefusedForm else { throw failure }
                    refusals.append(failure)
                    continue
                }
                // What was taken and did nothing does nothing in another form.
                break
            }
        }
        guard var failure = refusals.first else { return }
        if let last = refusals.last, last.text != failure.text {
            failure.text += "; and in another form: \(last.text)"
        }
        throw failure
    }

    private struct Written {
        let answer: CommandAnswer
        let outcome: TaskFollower.Outcome
    }

    private func send(
        _ form: BootChange.Form, to place: BootPlaces.Place
    ) async throws(RedfishFailure) -> Written {
        var written: Written?
        for body in form {
            // The tag is that of the state before the first.
            let answer = try await client.command(
                "PATCH", place.path, ["Boot": .object(body)],
                entityTag: written == nil ? place.entityTag : nil)
            let outcome = try await TaskFollower(client: client, time: time)
                .follow(answer, within: Self.taskPatience)
            written = Written(answer: answer, outcome: outcome)
        }
        guard let written else { throw RedfishFailure(.refused, "there is nothing to change") }
        return written
    }

    private func confirm(
        _ change: BootChange, in places: BootPlaces, _ written: Written
    ) async throws(RedfishFailure) {
        var shown = ""
        for pause in [nil] + Self.pauses.map(Optional.some) {
            if let pause { try await sleep(for: pause) }
            let system = ComputerSystem(try await client.get(places.system.path))
            switch change.verdict(on: system.boot) {
            case .asExpected: return
            case .unknown where system.settingsObject == nil: return
            case .unknown: break
            case .different(let text): shown = text
            }
            if let link = system.settingsObject,
                let settings = try await client.getIfPossible(link)?.json["Boot"]
            {
                if change.verdict(on: Boot(settings)) == .asExpected { return }
            } else if shown.isEmpty {
                return
            }
            if written.answer.waitsForReset { return }
        }
        guard written.outcome == .ended else {
            throw RedfishFailure(
                .busy, "the BMC took the change and has not carried it out yet", mayHaveActed: true)
        }
        throw RedfishFailure(
            .refused,
            "the BMC took the change, but shows " + (shown.isEmpty ? "nothing of it" : shown))
    }

    private func sleep(for pause: Duration) async throws(RedfishFailure) {
        do {
            try await time.sleep(for: pause)
        } catch {
            throw RedfishFailure(
                .unreachable, "cancelled before the BMC showed the change", mayHaveActed: true)
        }
    }

    private func attempt<Value: Sendable>(
        _ body: () async throws(RedfishFailure) -> Value
    ) async -> Result<Value, RedfishFailure> {
        do throws(RedfishFailure) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

extension RedfishFailure {
    /// Whether the same in another form, or in another place, may be taken.
    fileprivate var isRefusedForm: Bool {
        (kind == .refused && !isGone) || status == 500 || status == 501
    }
}
