internal import Core

/// Carries out one power command: chooses the reset type, sends it, and makes out what a refusal
/// means.
struct PowerSwitch {
    let command: PowerCommand
    let device: Device
    /// The system's path.
    let path: String
    /// The reset action's.
    let target: String
    /// Nil if the BMC does not say.
    let allowed: [String]?
    let client: RedfishClient
    let provider: RedfishProvider

    /// The pauses between looks at a system that is said to be where it should be and does not
    /// show it.
    private static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]

    /// What was tried so far, and is tried next.
    private struct Course {
        var state: PowerState
        var choice: ResetChoice
        var type: String
        var first: RedfishFailure?
        var isRepeated = false
        var mayHaveActed = false
        var waits: BusyPauses
    }

    func run(from state: PowerState) async throws(RedfishFailure) {
        guard var course = try await course(from: state) else { return }
        while true {
            do throws(RedfishFailure) {
                return try await send(course.type)
            } catch {
                if try await isSettled(after: error, &course) { return }
            }
        }
    }

    /// What to begin with; nil if there is nothing to do.
    private func course(from state: PowerState) async throws(RedfishFailure) -> Course? {
        var state = state
        var choice = ResetChoice(command: command, allowed: allowed)
        if state == .unknown, choice.hasOnlyButton {
            // In the wrong state a press would do the contrary.
            state = try await look(until: { $0 != .unknown })
            if isDone(state) { return nil }
        }
        // Some offer in each state only what leads out of it; and a press of the button would undo
        // what is done. What is shown may be old, so it is asked for all the same.
        let unlisted = isDone(state) ? command.resetTypes.first : nil
        guard let type = choice.next(in: state) ?? unlisted else {
            throw RedfishFailure(
                .refused,
                "the BMC offers none of \(command.candidates(in: state).joined(separator: ", "))"
                    + RedfishProvider.allowance(allowed), isIncapable: command.needsPower)
        }
        // After a power-off an iDRAC 10 refuses to go on for up to a minute, with 409.
        let patience = [.on, .forceOff].contains(command) ? provider.timeouts.change : .zero
        return Course(
            state: state, choice: choice, type: type, waits: BusyPauses(patience: patience))
    }

    /// Makes out what a failure means. True if the system is where it should be; else the course
    /// says what to send next.
    /// - Throws: if that is nothing.
    private func isSettled(
        after failure: RedfishFailure, _ course: inout Course
    ) async throws(RedfishFailure) -> Bool {
        course.mayHaveActed = course.mayHaveActed || failure.mayHaveActed
        let failure = failure.afterCommand(course.mayHaveActed)
        guard failure.mayMeanNothingToDo else { throw explained(failure) }
        let isThere = failure.saysNothingToDo
        course.state = (try? await look(until: isThere ? isDone : { _ in true })) ?? course.state
        if isDone(course.state) { return true }
        // Sent once more, both may act, the second when the machine is somebody else's.
        if course.mayHaveActed, command.boots {
            throw explained(failure)
        }
        if isThere || failure.isMomentary, let pause = course.waits.take(asked: nil) {
            try await sleep(for: pause, course.mayHaveActed)
            course.state = (try? await look(until: { _ in true })) ?? course.state
            if isDone(course.state) { return true }
            // In the wrong state a press would do the contrary.
            let isButton = course.type.lowercased() == PowerCommand.button.lowercased()
            if !isButton || course.state == command.buttonState { return false }
        }
        if isThere, !course.isRepeated, course.state == command.opposite {
            // The refusal was about a state that had passed.
            course.isRepeated = true
            return false
        }
        if isThere, course.state != command.opposite {
            throw RedfishFailure(
                .busy, failure.text, status: failure.status, mayHaveActed: course.mayHaveActed)
        }
        guard failure.isAboutType, let next = course.choice.next(in: course.state) else {
            throw explained((course.first ?? failure).afterCommand(course.mayHaveActed))
        }
        course.first = course.first ?? failure
        course.type = next
        return false
    }

    private func send(_ type: String) async throws(RedfishFailure) {
        let answer = try await client.command("POST", target, ["ResetType": .string(type)])
        _ = try await TaskFollower(client: client, time: provider.time).glance(answer)
    }

    private func isDone(_ state: PowerState) -> Bool {
        command.isFulfilled(by: state) || (command == .forceOff && state == .poweringOff)
    }

    /// Looks until the state satisfies `condition`, or for some seconds.
    private func look(
        until condition: (PowerState) -> Bool
    ) async throws(RedfishFailure) -> PowerState {
        var pauses = Self.pauses[...]
        while true {
            let state = ComputerSystem(try await client.get(path, insisting: true)).powerState
            if condition(state) { return state }
            guard let pause = pauses.popFirst() else { return state }
            try await sleep(for: pause, false)
        }
    }

    private func sleep(
        for pause: Duration, _ mayHaveActed: Bool
    ) async throws(RedfishFailure) {
        do {
            try await provider.time.sleep(for: pause)
        } catch {
            throw RedfishFailure(
                .unreachable, "cancelled while the BMC changed the power",
                mayHaveActed: mayHaveActed)
        }
    }

    private func explained(_ failure: RedfishFailure) -> RedfishFailure {
        var failure = failure
        if failure.kind == .refused, !failure.isGone {
            failure.text += RedfishProvider.allowance(allowed)
        }
        return failure
    }
}

extension PowerCommand {
    /// The state in which everything is still to be done.
    fileprivate var opposite: PowerState { self == .on ? .off : .on }
}

extension RedfishFailure {
    /// BMCs refuse a change to the state that a host is in with 304, 400, 403, 409 or 500 and all
    /// kinds of messages; only the power state itself tells. A 401 or 404 is not about the state.
    fileprivate var mayMeanNothingToDo: Bool {
        // A task that failed has no status.
        guard let status else { return kind == .refused }
        guard !isGone else { return false }
        return (status == 304 || status >= 400) && status != 401
            && (kind != .busy || isMomentary) && !isUnanswered
    }

    /// Whether another reset type may be taken. After a 500 nobody knows what was done.
    fileprivate var isAboutType: Bool { kind == .refused || status == 501 }
}
