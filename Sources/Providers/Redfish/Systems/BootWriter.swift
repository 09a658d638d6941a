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
    /// How long a BMC that can't take a change now is asked again.
    let patience: Duration

    /// How long a task that carries out a change is followed. The instance is described by then.
    private static let taskPatience: Duration = .seconds(60)
    private static let pauses: [Duration] = [
        .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
    ]

    /// - Parameter known: where a change was taken before, if the system does not name it.
    func places(
        of system: ComputerSystem, known: String?
    ) async throws(RedfishFailure) -> BootPlaces {
        guard let link = system.settingsObject ?? known else {
            return BootPlaces(system: system, settings: nil)
        }
        return BootPlaces(system: system, settings: try await client.getIfPossible(link))
    }

    /// How a change was taken.
    struct Success {
        /// Nil if it shows after a refusal, so that nobody knows which it was.
        var form: BootChange.Form?
        /// Where, if that is not the system itself.
        var place: String?
    }

    /// Sends the change in one form after the other, to one place after the other, until it is
    /// there.
    /// - Throws: the first refusal, with the last one if that says something else.
    @discardableResult
    func write(
        _ change: BootChange, to places: BootPlaces
    ) async throws(RedfishFailure) -> Success {
        var refusals: [RedfishFailure] = []
        var order = places.order
        var number = 0
        while number < order.count {
            var place = order[number]
            number += 1
            for (index, form) in change.forms.enumerated() {
                do throws(RedfishFailure) {
                    let written = try await send(form, to: place)
                    try await confirm(
                        change, in: places, &place, written,
                        isLast: index == change.forms.count - 1)
                    return Success(form: form, place: places.other(place))
                } catch {
                    guard error.isRefusedForm else {
                        // It may have been carried out though the answer was lost.
                        if error.status != nil || error.mayHaveActed,
                            await appears(change, places, place, after: Self.pauses)
                        {
                            return Success(place: places.other(place))
                        }
                        throw error
                    }
                    refusals.append(error)
                    if let path = places.future(of: error),
                        !order.contains(where: { $0.path == path })
                    {
                        let future = try await client.getIfPossible(path)
                        order.append(BootPlaces.Place(path: path, entityTag: future?.entityTag))
                    }
                }
            }
        }
        guard var failure = refusals.first, let place = order.last else { return Success() }
        // A refusal is not always true, and may be followed by what it refuses.
        let isRefused = refusals.contains { $0.status != nil }
        if await appears(change, places, place, after: isRefused ? Self.pauses : []) {
            return Success(place: places.other(place))
        }
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
                entityTag: written == nil ? place.entityTag : nil, patience: patience)
            let outcome = try await TaskFollower(client: client, time: time)
                .follow(answer, within: Self.taskPatience)
            written = Written(answer: answer, outcome: outcome)
        }
        guard let written else { throw RedfishFailure(.refused, "there is nothing to change") }
        return written
    }

    private func confirm(
        _ change: BootChange, in places: BootPlaces, _ place: inout BootPlaces.Place,
        _ written: Written, isLast: Bool
    ) async throws(RedfishFailure) {
        var shown = ""
        looks: for pause in [nil] + Self.pauses.map(Optional.some) {
            if let pause { try await sleep(for: pause) }
            let resource = try await client.get(places.system.path, insisting: true)
            place.note(resource)
            let system = ComputerSystem(resource)
            let link = system.settingsObject ?? places.other(place)
            switch change.verdict(on: system.boot) {
            case .asExpected: return
            case .unknown where link == nil: return
            case .unknown: break
            case .otherMode(let text):
                shown = text
                // Another form brings the mode.
                if !isLast, link == nil { break looks }
            case .different(let text): shown = text
            }
            let pending: RedfishResource?
            if let link {
                pending = try await client.getIfPossible(link)
            } else {
                pending = nil
            }
            if let pending, let settings = pending.json["Boot"] {
                place.note(pending)
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

    /// Whether a look shows that the change was made, at once or after one of the pauses.
    private func appears(
        _ change: BootChange, _ places: BootPlaces, _ place: BootPlaces.Place,
        after pauses: [Duration]
    ) async -> Bool {
        do throws(RedfishFailure) {
            for pause in [nil] + pauses.map(Optional.some) {
                if let pause { try await sleep(for: pause) }
                if try await isThere(change, places, place) { return true }
            }
        } catch {
            // Who can't look can't tell.
        }
        return false
    }

    private func isThere(
        _ change: BootChange, _ places: BootPlaces, _ place: BootPlaces.Place
    ) async throws(RedfishFailure) -> Bool {
        let resource = try await client.get(places.system.path, insisting: true)
        let system = ComputerSystem(resource)
        if change.verdict(on: system.boot) == .asExpected { return true }
        guard let link = system.settingsObject ?? places.other(place),
            let settings = try await client.getIfPossible(link)?.json["Boot"]
        else { return false }
        return change.verdict(on: Boot(settings)) == .asExpected
    }
}

extension RedfishFailure {
    /// Whether the same in another form, or in another place, may be taken.
    fileprivate var isRefusedForm: Bool {
        (kind == .refused && !isGone) || status == 501
    }
}
