internal import Foundation
internal import Locking
internal import Logging

/// Why an operator's command did not switch a device's power.
public enum PowerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An instance lives on it.
    case claimed(Device, Claim)
    /// InfraKit is being given the device right now.
    case beingClaimed(Device)
    /// Another command is at it.
    case busy(Device)
    /// Its instance is being started, stopped or fenced, which is not to be disturbed.
    case unfinished(Device, Claim)
    /// The BMC was not reached, refuses, or does not confirm.
    case failed(Device, String)

    public var description: String {
        switch self {
        case .claimed(let device, let claim):
            device.described(
                "not switched: it is claimed by \(claim.id)"
                    + (claim.group.map { " of group \($0)" } ?? "")
                    + "; destroy that instance, or --force it: then what the instance runs is cut"
                    + " off, and the plugin powers on again what it finds off")
        case .beingClaimed(let device):
            device.described("not switched: it is being claimed right now; see rackpool devices")
        case .busy(let device):
            device.described("not switched: another rackpool power is at it; wait for that one")
        case .unfinished(let device, let claim):
            device.described(
                "not switched: its instance \(claim.id) is \(claim.state.name); wait for that")
        case .failed(let device, let message): device.described(message)
        }
    }
}

extension PoolManager {
    /// Carries out what an operator wants of a device's power. The device is not claimed meanwhile,
    /// and one that is claimed is not switched.
    /// - Parameters:
    ///   - limit: how long the BMC may take to confirm.
    ///   - isForced: switches a claimed device all the same, as a step of its reconciler.
    ///   - author: who wants it.
    /// - Throws: ``PowerError``; ``DeviceError`` if there is no such device.
    public func power(
        _ action: PowerAction, of name: String, within limit: Duration, isForced: Bool,
        by author: String = "the operator"
    ) async throws -> PowerReport {
        let device = try await pool.device(name)
        guard action != .status else {
            return try await failing(device) {
                try await reconcilers.hand.perform(action, on: device, within: limit)
            }
        }
        let report: Result<PowerReport, any Error>
        if isForced, let claim = await pool.status(of: name)?.claim {
            logger.notice("\(claim.id): \(name): \(action.title) --force asked for by \(author)")
            report = await result { try await force(action, claim, device, within: limit) }
        } else {
            _ = try await pool.hold(name)
            report = await result {
                try await failing(device) {
                    try await switchFree(device, action, within: limit)
                }
            }
            await pool.endHold(of: name)
        }
        let outcome = (try? report.get()).map { $0.remark ?? "done" } ?? "failed"
        await pool.record(
            .switched, of: name, because: "\(action.title) by \(author): \(outcome)")
        return try report.get()
    }

    /// Not even by force do two machines run with one logical ID: while a failed instance's machine
    /// is switched on, nobody else gets it.
    private func keepLogicalID(
        of claim: Claim, _ device: Device, for action: PowerAction
    ) async throws -> LogicalIDKey? {
        guard [.on, .cycle, .reset].contains(action) else { return nil }
        do throws(PlacementError) {
            return try await pool.beginRun(of: claim.id)
        } catch {
            throw PowerError.failed(device, "not switched: \(error)")
        }
    }

    private func force(
        _ action: PowerAction, _ claim: Claim, _ device: Device, within limit: Duration
    ) async throws -> PowerReport {
        guard claim.state.isAtRest else { throw PowerError.unfinished(device, claim) }
        let logicalID = try await keepLogicalID(of: claim, device, for: action)
        defer { if let logicalID { Task { await pool.endRun(of: claim.id, as: logicalID) } } }
        var answer: (@Sendable () async throws -> PowerReport)?
        reconcilers.wake(claim.id) { answer = $0.request(action, within: limit) }
        guard let answer else { throw StoreError.closed }
        do {
            return try await failing(device, answer)
        } catch {
            guard let cause = await interruption(of: claim) else { throw error }
            throw PowerError.failed(
                device, "\(action.title) broken off: \(cause); what was sent may act all the same")
        }
    }

    /// What has come between an operator's command and its end; nil if nothing has.
    private func interruption(of claim: Claim) async -> String? {
        if reconcilers.isClosed { return "the daemon is stopping" }
        guard let now = await pool.instance(claim.id)?.claim else {
            return "its instance \(claim.id) is gone"
        }
        return now.state == claim.state
            ? nil : "its instance \(claim.id) is \(now.state.name) by now"
    }

    private func result(
        _ body: () async throws -> PowerReport
    ) async -> Result<PowerReport, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private func failing(
        _ device: Device, _ body: () async throws -> PowerReport
    ) async throws -> PowerReport {
        do {
            return try await body()
        } catch let error as PowerError {
            throw error
        } catch {
            throw PowerError.failed(device, Self.text(of: error))
        }
    }
}

extension PoolManager {
    /// Carries out what an operator wants of a device that is held. What leads to On is in the record
    /// before it is sent: where it is not confirmed it may act yet, and would start under somebody
    /// else's instance, or when that is gone.
    private func switchFree(
        _ device: Device, _ action: PowerAction, within limit: Duration
    ) async throws -> PowerReport {
        // The machine that stands here now may be one that is claimed under another name.
        _ = try? await driver(of: device).look()
        if let claim = await pool.claimOnTwin(of: device.name) {
            throw PowerError.claimed(device, claim)
        }
        let steady = reconcilers.hand.steady
        let sent = Mutex<(date: Date, isOneOfSeveral: Bool)?>(nil)
        let outcome = await result {
            try await reconcilers.hand.perform(action, on: device, within: limit) { command in
                // A cycle that the BMC can't do by itself ends with an On of its own.
                guard command.leadsToOn, sent.withLock({ $0 == nil }) else { return }
                let date = steady.now
                let isOneOfSeveral = try await self.pool.noteOn(of: device, at: date)
                sent.withLock { $0 = (date, isOneOfSeveral) }
            }
        }
        guard let on = sent.withLock({ $0 }) else { return try outcome.get() }
        let mayAct =
            if case .failure(let error) = outcome {
                (error as? ProviderError)?.mayHaveActed ?? true
            } else {
                false
            }
        if !mayAct, !on.isOneOfSeveral,
            (try? await pool.forgetOn(of: device.name, sentAt: on.date)) == true
        {
            return try outcome.get()
        }
        // It is waited for from here on; a restart in the middle of this counts from when it was sent.
        let date = steady.now
        _ = try? await pool.noteOn(of: device, at: date)
        if mayAct {
            logger.warning(
                "\(device.described("\(action.title) was not confirmed and may act yet: not claimed for \(times.latestOn.text)"))"
            )
        }
        forgetOns(sentBy: date)
        return try outcome.get()
    }

    /// Waits for what was sent to devices before the daemon was started.
    func awaitSentOns() async {
        for date in await pool.unconfirmedOns() { forgetOns(sentBy: date) }
    }

    /// Lets devices be claimed again when what was sent to them acts no more.
    private func forgetOns(sentBy date: Date) {
        let age: Duration = .seconds(reconcilers.hand.steady.now.timeIntervalSince(date))
        Task {
            // A daemon that stops leaves it to the next one. A clock that was set back says nothing.
            try await time.sleep(for: times.latestOn - max(.zero, age))
            while true {
                do {
                    return try await pool.forgetOns(sentBy: date)
                } catch StoreError.closed {
                    return
                } catch {
                    logger.error("\(error)")
                }
                try await time.sleep(for: times.longestRetryPause)
            }
        }
    }
}

extension ReconcilerHand {
    /// Carries out what an operator wants of a device that nobody claims.
    func perform(
        _ action: PowerAction, on device: Device, within limit: Duration,
        willSend: @escaping @Sendable (PowerCommand) async throws -> Void = { _ in }
    ) async throws -> PowerReport {
        try await power(of: device, within: limit, willSend: willSend).perform(action)
    }

    /// Carries out what an operator wants of a claimed machine. What leads to On is in the record
    /// before it is sent.
    func perform(
        _ action: PowerAction, for claim: Claim, on device: Device, within limit: Duration
    ) async throws -> PowerReport {
        let id = claim.id
        let (_, seen) = try await driver(of: device).look()
        if case .other(let text) = seen.verdict {
            throw ProviderError(.refused, "not switched: \(text)")
        }
        let isNoted = Mutex(false)
        let driver = try power(of: device, within: limit) { command in
            guard command.leadsToOn else { return }
            // A cycle that the BMC can't do by itself ends with an On of its own.
            let wasNoted = isNoted.withLock { isNoted in
                defer { isNoted = true }
                return isNoted
            }
            guard !wasNoted else { return }
            let date = steady.now
            try await pool.update(id, expecting: claim.state) {
                $0.noteOn(at: date, mayRun: true)
            }
        }
        let report = try await driver.perform(action)
        guard isNoted.withLock({ $0 }) else { return report }
        let date = steady.now
        // A cycle that was not seen Off, and a reset, may act yet.
        let hasActed = action == .on || (action == .cycle && report.remark == nil)
        _ = try? await pool.update(id) { draft in
            if hasActed { draft.account(for: action == .on ? 1 : 2) }
            draft.noteAnswer(at: date)
        }
        return report
    }

    private func power(
        of device: Device, within limit: Duration,
        willSend: @escaping @Sendable (PowerCommand) async throws -> Void = { _ in }
    ) throws -> PowerDriver {
        let driver = try driver(of: device)
        var times = times
        times.powerChange = limit
        return PowerDriver(
            device: device, provider: driver.provider, time: time, times: times, logger: logger,
            willSend: willSend
        ) { () async throws(ProviderError) in try await driver.look().observation }
    }
}
