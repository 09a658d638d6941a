internal import Foundation
internal import Logging

/// What carries out the steps that ``ReconcilerRules`` want.
struct ReconcilerHand: Sendable {
    let pool: Pool
    let providers: [String: any Provider]
    let time: any TimeSource
    /// What the record keeps of commands is reckoned by this: a clock that is set shortens no wait.
    let steady: SteadyDate
    let times: ReconcilerTimes
    let logger: Logger

    /// What came of a step.
    enum StepResult: Sendable {
        case waited
        case looked(Observation, SeenMachine)
        case lookFailed(ProviderError)
        /// A command, or what else goes to the BMC; nil: it was done.
        case commanded(ProviderError?)
        case written
        /// The record is at something else by now.
        case overtaken
        case notWritten(String)
        case surrendered(ReconcilerProgress.Surrender)
    }

    func driver(of device: Device) throws(ProviderError) -> DeviceDriver {
        guard let provider = providers[device.provider] else {
            throw ProviderError(.refused, "there is no provider \(device.provider)")
        }
        return DeviceDriver(
            device: device, provider: provider, pool: pool, time: time, times: times, logger: logger
        )
    }

    func view(
        of instance: ClaimedInstance, _ device: Device, _ memory: ReconcilerMemory,
        isPatient: Bool, isAbandoned: Bool
    ) async -> ReconcilerView {
        let status = await pool.status(of: device.name)
        let properties =
            (try? SpecProperties(parsing: instance.claim.spec.properties)) ?? SpecProperties()
        return ReconcilerView(
            claim: instance.claim, properties: properties, memory: memory, facts: status?.facts,
            hasLastingFacts: status?.hasLastingFacts ?? false,
            answeringSince: status?.answeringSince, twin: instance.twin, isPatient: isPatient,
            isAbandoned: isAbandoned, now: time.uptime, date: time.date,
            steadyDate: steady.now, times: times)
    }

    func perform(
        _ step: ReconcilerStep, _ view: ReconcilerView, on device: Device
    ) async -> StepResult {
        switch step {
        case .rest: return .overtaken
        case .wait(let pause):
            do { try await time.sleep(for: pause) } catch { return .overtaken }
            return .waited
        case .look:
            do throws(ProviderError) {
                let (observation, seen) = try await driver(of: device).look()
                return seen.isStale ? .overtaken : .looked(observation, seen)
            } catch {
                return Task.isCancelled ? .overtaken : .lookFailed(error)
            }
        case .write(let transition): return await write(transition, view, device)
        case .release(let cause): return await release(view, device, because: cause)
        case .complain(let text):
            logger.warning("\(view.claim.id): \(device.described(text))")
            return .commanded(nil)
        case .powerOn: return await powerOn(view, device)
        default: return .commanded(await command(step, view, device))
        }
    }

    // MARK: The record

    private func release(
        _ view: ReconcilerView, _ device: Device, because cause: String
    ) async -> StepResult {
        let id = view.claim.id
        return await writing {
            try await pool.release(id, expecting: view.claim.state, because: cause)
            logger.info("\(id): \(device.name) is free: \(cause)")
        }
    }

    private func writing(_ body: () async throws -> Void) async -> StepResult {
        do {
            try await body()
            return .written
        } catch is InstanceError {
            return .overtaken
        } catch {
            logger.error("\(error)")
            return .notWritten("\(error)")
        }
    }

    private func write(
        _ transition: ReconcilerStep.Transition, _ view: ReconcilerView, _ device: Device
    ) async -> StepResult {
        if case .giveUp(let reason, let isUntouched, let isOfMedia) = transition {
            return await giveUp(
                view, device, ReconcilerProgress.Surrender(reason: reason, isOfMedia: isOfMedia),
                isUntouched: isUntouched)
        }
        let id = view.claim.id
        let date = view.steadyDate
        let memory = view.memory
        return await writing {
            try await pool.update(id, expecting: view.claim.state) { draft in
                draft.account(for: memory.accountedOns)
                if let learned = memory.learned { draft.record.machine = learned }
                switch transition {
                case .advance(let step): draft.advance(to: step)
                case .run:
                    draft.noteAnswer(at: date)
                    // A fence that is given up has sent no On that this look could show to have acted.
                    if memory.accountedOns == 0, draft.claim.state.isPoweringOn {
                        draft.account(for: 1)
                    }
                    draft.run()
                case .fail(let failure, let isOff):
                    if isOff { draft.confirmOff() }
                    draft.fail(failure)
                case .refence(let failure): draft.claim.state = .refencing(failure)
                case .endRestart: draft.claim.state = .running
                case .discard(let failure): draft.discard(failure)
                case .noteAnswer: draft.noteAnswer(at: date)
                case .giveUp: break
                }
            }
            await tell(transition, of: view.claim, device, memory)
        }
    }

    private func giveUp(
        _ view: ReconcilerView, _ device: Device, _ surrender: ReconcilerProgress.Surrender,
        isUntouched: Bool
    ) async -> StepResult {
        let id = view.claim.id
        logger.warning("\(id): not started: \(device.described(surrender.reason))")
        let failure = ClaimState.Failure(
            since: view.date, reasons: [surrender.reason], cause: .start)
        let result = await writing {
            if isUntouched {
                try await pool.release(id, expecting: view.claim.state, because: "not used")
            } else {
                try await pool.update(id, expecting: view.claim.state) { draft in
                    draft.account(for: view.memory.accountedOns)
                    if let learned = view.memory.learned { draft.record.machine = learned }
                    draft.undo(failure)
                }
            }
        }
        guard case .written = result else { return result }
        if case .failed(let error) = view.memory.look { await noteFailure(error, device) }
        return .surrendered(surrender)
    }

    /// What kept a start from its machine keeps the next one away, until a look says better.
    private func noteFailure(_ error: ProviderError, _ device: Device) async {
        guard error.kind == .unreachable || error.isRefusedAccess else { return }
        await pool.noteFailure(Observation(failure: error, date: time.date), of: device)
    }

    private func tell(
        _ transition: ReconcilerStep.Transition, of claim: Claim, _ device: Device,
        _ memory: ReconcilerMemory
    ) async {
        let id = claim.id
        switch transition {
        case .run:
            logger.info("\(id): \(device.name) is on")
            if case .starting = claim.state {
                await pool.record(.started, of: device.name, because: "seen on", instance: id)
            }
            guard !claim.state.isDescribed else { return }
            logger.notice("\(id): recovered; it returns to the front of active")
            await pool.record(
                .recovered, of: device.name, because: "healthy again", instance: id)
        case .fail(let failure, _):
            let reasons = failure.reasons.joined(separator: ", ")
            guard claim.state.isDescribed else { return }
            logger.warning("\(id): non-functional: \(reasons)")
            await pool.record(.failed, of: device.name, because: reasons, instance: id)
        case .discard(let failure):
            logger.warning(
                "\(id): non-functional, and still to be powered off: \(failure.reasons.joined(separator: ", "))"
            )
        case .refence, .endRestart:
            let why = memory.trouble?.error.message ?? "it took the command, and is not On"
            logger.warning("\(id): \(device.described("not powered on: \(why)"))")
            await pool.record(
                .restarted, of: device.name, because: "in vain: \(why)", instance: id)
        case .advance, .noteAnswer, .giveUp: break
        }
    }

    // MARK: The BMC

    private func powerOn(_ view: ReconcilerView, _ device: Device) async -> StepResult {
        let id = view.claim.id
        let date = steady.now
        let result = await writing {
            try await pool.update(id, expecting: view.claim.state) { draft in
                draft.account(for: view.memory.accountedOns)
                if let learned = view.memory.learned { draft.record.machine = learned }
                draft.noteOn(at: date, mayRun: view.mayRun)
            }
        }
        guard case .written = result else { return result }
        return .commanded(await command(.powerOn, view, device))
    }

    private func command(
        _ step: ReconcilerStep, _ view: ReconcilerView, _ device: Device
    ) async -> ProviderError? {
        let id = view.claim.id
        do throws(ProviderError) {
            let driver = try driver(of: device)
            switch step {
            case .powerOn: try await driver.provider.setPower(.on, of: device)
            case .shutDown(let grace): try await shutDown(driver, id, grace: grace)
            case .cutPower: try await driver.provider.setPower(.forceOff, of: device)
            case .readFacts: try await driver.facts(isRunning: view.memory.power == .on)
            case .insertMedia(let media): try await driver.provider.insertMedia(media, into: device)
            case .setBoot(let boot): try await driver.provider.setBoot(boot, of: device)
            case .ejectMedia(let media):
                try await driver.provider.ejectMedia(media, from: device)
            case .clearBoot: try await driver.provider.clearBoot(of: device)
            case .rest, .look, .wait, .write, .release, .complain: break
            }
            return nil
        } catch {
            if error.kind == .unreachable, !Task.isCancelled {
                await pool.noteSilence(of: device)
            }
            await report(error, of: step, id, device)
            return error
        }
    }

    private func shutDown(
        _ driver: DeviceDriver, _ id: String, grace: Duration
    ) async throws(ProviderError) {
        do {
            try await driver.provider.setPower(.gracefulOff, of: driver.device)
        } catch {
            logger.info(
                "\(id): \(driver.device.described("no graceful shutdown (\(error)); cutting the power"))"
            )
            throw error
        }
    }

    private func report(
        _ error: ProviderError, of step: ReconcilerStep, _ id: String, _ device: Device
    ) async {
        guard !Task.isCancelled else { return }
        let text = device.described(error.message)
        switch step {
        case .insertMedia where error.isIncapable: await pool.noteLackOfMedia(of: device.name)
        case .ejectMedia where !error.isPassing:
            logger.warning("\(id): \(device.described("media not ejected: \(error)"))")
        case .clearBoot:
            // The next claim sets its own override, so this holds nothing up.
            logger.warning("\(id): \(device.described("boot override not cleared: \(error)"))")
        case .cutPower: logger.warning("\(id): \(text); it stays claimed until it is confirmed off")
        default: logger.debug("\(id): \(text)")
        }
    }
}

extension Observation {
    /// What a look that failed says.
    init(failure error: ProviderError, date: Date) {
        self.init(
            power: .unknown, health: error.isRefusedAccess ? .refused : .unreachable,
            reasons: [error.message], date: date)
    }
}
