internal import Locking
internal import Logging

/// Brings one claim's machine to its goal: looks, asks ``ReconcilerRules`` what comes next, and does
/// that, until nothing is left to do.
final class Reconciler: Sendable {
    /// What an operator wants of the machine's power.
    private struct Request: Sendable {
        let action: PowerAction
        let limit: Duration
        let answer: OneShot<Result<PowerReport, any Error>>
    }

    private struct Waiter: Sendable {
        let number: Int
        let isMet: @Sendable (ReconcilerProgress) -> Bool
        let shot: OneShot<Void>
    }

    private struct State {
        var progress = ReconcilerProgress()
        var isPatient: @Sendable () -> Bool = { true }
        var isAbandoned = false
        /// Whether somebody wants the record looked at again.
        var isWoken = false
        /// Whether what is being done is to be broken off.
        var isInterrupted = false
        var cancelStep: (@Sendable () -> Void)?
        /// Whether what is being done is but a pause.
        var isPausing = false
        /// Whether it will do nothing any more.
        var hasEnded = false
        var requests: [Request] = []
        var waiters: [Waiter] = []
        var nextWaiter = 0
    }

    let id: String
    let hand: ReconcilerHand
    private let state = Mutex(State())

    init(id: String, hand: ReconcilerHand) {
        self.id = id
        self.hand = hand
    }

    private var time: any TimeSource { hand.time }

    // MARK: From outside

    /// Has the record looked at again; a pause is over at once.
    /// - Parameter interrupts: breaks off whatever is being done, for the goal has changed.
    func wake(interrupts: Bool) {
        let cancel: (@Sendable () -> Void)? = state.withLock { state in
            state.isWoken = true
            guard interrupts || state.isPausing else { return nil }
            state.isInterrupted = true
            return state.cancelStep
        }
        cancel?()
    }

    /// Says until when nothing is gained by patience.
    func setPatience(_ isPatient: @escaping @Sendable () -> Bool) {
        state.withLock { $0.isPatient = isPatient }
    }

    /// The caller of the provision has been told that there is no instance.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        wake(interrupts: true)
    }

    var progress: ReconcilerProgress { state.withLock { $0.progress } }

    /// Waits until the reconciler has come to something, or to its end, at most `limit`.
    /// - Returns: how far it has come.
    func wait(
        within limit: Duration?, until isMet: @escaping @Sendable (ReconcilerProgress) -> Bool
    ) async -> ReconcilerProgress {
        let shot = OneShot<Void>()
        let number: Int? = state.withLock { state in
            guard !isMet(state.progress), !state.hasEnded else { return nil }
            state.nextWaiter += 1
            state.waiters.append(Waiter(number: state.nextWaiter, isMet: isMet, shot: shot))
            return state.nextWaiter
        }
        guard let number else { return progress }
        let time = time
        let timer = limit.map { limit in
            Task {
                do {
                    try await time.sleep(for: limit)
                    shot.finish(())
                } catch {}
            }
        }
        await withTaskCancellationHandler {
            await shot.value
        } onCancel: {
            shot.finish(())
        }
        timer?.cancel()
        state.withLock { $0.waiters.removeAll { $0.number == number } }
        return progress
    }

    /// Carries out what an operator wants of the machine's power, when the claim is at rest.
    /// - Throws: ``PowerError``, `ProviderError`.
    func request(_ action: PowerAction, within limit: Duration)
        -> @Sendable () async throws ->
        PowerReport
    {
        let answer = OneShot<Result<PowerReport, any Error>>()
        state.withLock { state in
            state.requests.append(Request(action: action, limit: limit, answer: answer))
            state.isWoken = true
        }
        return { try await answer.value.get() }
    }

    // MARK: The loop

    /// Whether nobody wants anything any more; called by whoever keeps the reconcilers, so that a
    /// wake and the end don't miss each other.
    var isIdle: Bool { state.withLock { !$0.isWoken && $0.requests.isEmpty } }

    /// Works until nothing is left to do, or the task is cancelled.
    func work() async {
        var memory = ReconcilerMemory(times: hand.times)
        var known: ClaimState?
        var place: MachineAddress?
        while !Task.isCancelled {
            let patience = state.withLock { state in
                state.isWoken = false
                state.isInterrupted = false
                return (state.isPatient, state.isAbandoned)
            }
            guard let instance = await hand.pool.instance(id) else {
                tell { progress in
                    progress.state = nil
                    progress.isGone = true
                }
                refuseRequests(because: InstanceError.unknown(id))
                break
            }
            let claim = instance.claim
            guard let device = instance.device else {
                tell { $0.state = claim.state }
                refuseRequests(because: InstanceError.changed(id))
                break
            }
            // What was seen at another address is of another machine, for all that is known.
            let isElsewhere = place != nil && place != device.address
            place = device.address
            if claim.state != known || isElsewhere {
                if isElsewhere {
                    memory = ReconcilerMemory(times: hand.times)
                } else if !Self.goesOn(known, claim.state) {
                    memory = ReconcilerMemory(times: hand.times, after: memory)
                }
                if claim.state != known { tell { $0.enter(claim.state) } }
                known = claim.state
            }
            if claim.state.isAtRest {
                guard await carryOutRequest(claim, device) else { break }
                continue
            }
            refuseRequests(because: PowerError.unfinished(device, claim))
            let view = await hand.view(
                of: instance, device, memory, isPatient: patience.0(), isAbandoned: patience.1)
            let step = memory.mustPause ? view.pause : ReconcilerRules.next(view)
            let result = await interruptible(isPause: step.isPause) { [hand] in
                await hand.perform(step, view, on: device)
            }
            guard !Task.isCancelled else { break }
            note(result, of: step, view, &memory)
        }
    }

    /// Ends those who wait; what was not done is told.
    func end() {
        let (waiters, requests) = state.withLock { state in
            defer {
                state.hasEnded = true
                state.waiters = []
                state.requests = []
            }
            return (state.waiters, state.requests)
        }
        for waiter in waiters { waiter.shot.finish(()) }
        for request in requests {
            request.answer.finish(.failure(CancellationError()))
        }
    }

    /// Whether what is known of the machine still serves.
    private static func goesOn(_ old: ClaimState?, _ new: ClaimState) -> Bool {
        if case .starting = old, case .starting = new { return true }
        return false
    }

    private func tell(_ change: (inout ReconcilerProgress) -> Void) {
        let met = state.withLock { state in
            change(&state.progress)
            let progress = state.progress
            let met = state.waiters.filter { $0.isMet(progress) }
            state.waiters.removeAll { $0.isMet(progress) }
            return met
        }
        for waiter in met { waiter.shot.finish(()) }
    }

    /// Does something that ``wake(interrupts:)`` can break off.
    private func interruptible<Value: Sendable>(
        isPause: Bool = false, _ body: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await body() }
        let isInterrupted = state.withLock { state in
            state.cancelStep = { task.cancel() }
            state.isPausing = isPause
            return state.isInterrupted || (isPause && state.isWoken)
        }
        if isInterrupted { task.cancel() }
        defer {
            state.withLock { state in
                state.cancelStep = nil
                state.isPausing = false
            }
        }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    // MARK: What came of a step

    private func note(
        _ result: ReconcilerHand.StepResult, of step: ReconcilerStep, _ view: ReconcilerView,
        _ memory: inout ReconcilerMemory
    ) {
        let now = time.uptime
        switch result {
        case .waited: _ = memory.nextPause()
        case .looked(let observation, let seen):
            let isOnAwaited =
                view.claim.power.pendingOns > 0 && view.claim.power.answered == nil
            memory.note(
                observation, seen, at: now, isOnAwaited: isOnAwaited, isBack: view.isBack)
            if view.claim.state.goal == .free, observation.power == .off {
                tell { $0.isOffTaken = true }
            }
        case .lookFailed(let error):
            memory.noteFailedLook(error, at: now)
            tell { $0.error = error.message }
        case .written: memory.noteWritten()
        case .overtaken: memory.doubtLook()
        case .notWritten(let text):
            tell { $0.error = text }
            memory.noteTrouble(ProviderError(.busy, text), at: now)
            memory.owePause()
        case .surrendered(let surrender):
            memory.noteWritten()
            tell { $0.surrender = surrender }
        case .commanded(let error): note(error, of: step, view, at: now, &memory)
        }
    }

    private func note(
        _ error: ProviderError?, of step: ReconcilerStep, _ view: ReconcilerView,
        at now: Duration, _ memory: inout ReconcilerMemory
    ) {
        tell { $0.error = error?.message }
        switch step {
        case .powerOn:
            memory.noteWritten()
            memory.noteOn(at: now)
            memory.noteOnAnswer(error, at: now, mayRun: view.mayRun)
        case .shutDown(let grace):
            memory.noteShutdown(error, grace: grace, at: now)
            if error == nil { tell { $0.isOffTaken = true } }
        case .cutPower:
            memory.noteCut(error, at: now)
            if memory.cut?.isTaken ?? false { tell { $0.isOffTaken = true } }
        case .readFacts:
            memory.hasAskedForFacts = error == nil
            if let error { memory.noteTrouble(error, at: now) } else { memory.noteSuccess() }
        case .insertMedia:
            memory.hasMedia = error == nil
            finish(error, isOfMedia: true, at: now, &memory)
            if error == nil { memory.doubtLook() }
        case .setBoot:
            memory.hasBoot = error == nil
            finish(error, at: now, &memory)
        case .ejectMedia:
            memory.isEjected = error.map { !$0.isPassing && !$0.isRefusedAccess } ?? true
            finish(memory.isEjected ? nil : error, at: now, &memory)
        case .clearBoot: memory.isCleared = true
        case .complain: memory.restartCut()
        case .rest, .look, .wait, .write, .release: break
        }
    }

    private func finish(
        _ error: ProviderError?, isOfMedia: Bool = false, at now: Duration,
        _ memory: inout ReconcilerMemory
    ) {
        if let error {
            memory.noteTrouble(
                error, at: now,
                isOfMedia: isOfMedia && !error.isIncapable
                    && [.refused, .malformed].contains(error.kind))
        } else {
            memory.noteSuccess()
        }
    }

    // MARK: An operator's commands

    /// Carries out what an operator wants; false if nobody wants anything.
    private func carryOutRequest(_ claim: Claim, _ device: Device) async -> Bool {
        let request = state.withLock { state in
            state.requests.isEmpty ? nil : state.requests.removeFirst()
        }
        guard let request else { return false }
        let result: Result<PowerReport, any Error> = await interruptible { [hand] in
            do {
                return .success(
                    try await hand.perform(
                        request.action, for: claim, on: device, within: request.limit))
            } catch {
                return .failure(error)
            }
        }
        request.answer.finish(result)
        return true
    }

    private func refuseRequests(because error: any Error) {
        let requests = state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
        for request in requests {
            request.answer.finish(.failure(error))
        }
    }
}
