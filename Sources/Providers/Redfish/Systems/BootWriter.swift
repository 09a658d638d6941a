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
                    return
                } catch {
                    guard error.isRefusedForm else {
                        if error.status != nil, await isThere(change, places) { return }
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
        guard var failure = refusals.first else { return }
        // A refusal is not always true.
        if await isThere(change, places) { return }
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
            switch change.verdict(on: system.boot) {
            case .asExpected: return
            case .unknown where system.settingsObject == nil: return
            case .unknown: break
            case .otherMode(let text):
                shown = text
                // Another form brings the mode.
                if !isLast, system.settingsObject == nil { break looks }
            case .different(let text): shown = text
            }
            let pending: RedfishResource?
            if let link = system.settingsObject {
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

    /// Whether one look shows that the change was made.
    private func isThere(_ change: BootChange, _ places: BootPlaces) async -> Bool {
        guard let resource = try? await client.get(places.system.path, insisting: true) else {
            return false
        }
        let system = ComputerSystem(resource)
        if change.verdict(on: system.boot) == .asExpected { return true }
        guard let link = system.settingsObject,
            let settings = try? await client.getIfPossible(link)?.json["Boot"]
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
