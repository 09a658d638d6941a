internal import Foundation
internal import Logging

/// Why an operator's word about an instance was not followed.
public struct OperatorError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension PoolManager {
    /// The instance that an operator means: its ID, or the name of its device.
    /// - Throws: ``OperatorError`` that says what is nearest.
    public func instance(named name: String) async throws -> ClaimedInstance {
        if let instance = await pool.instance(name) { return instance }
        if let status = await pool.status(of: name) {
            guard let id = status.claim?.id, let instance = await pool.instance(id) else {
                throw OperatorError(description: "\(name) is not claimed: there is nothing to end")
            }
            return instance
        }
        let statuses = await pool.statuses()
        let orphans = await pool.orphans().map(\.claim.id)
        let names = statuses.map(\.name) + statuses.compactMap(\.claim?.id) + orphans
        let hint = Spelling.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
        throw OperatorError(description: "there is no instance or device \(name)\(hint)")
    }

    /// Destroys an instance as InfraKit would.
    /// - Returns: the instance's ID; what becomes of it, for a person.
    public func release(
        _ name: String, by author: String
    ) async throws -> (id: String, text: String) {
        let instance = try await instance(named: name)
        let id = instance.claim.id
        await note(.switched, instance, "released by \(author)")
        try await destroy(id)
        return (
            id,
            instance.name == nil
                ? "\(id) is released: it named no device, so that nothing was powered off"
                : "\(id) is released as soon as its machine is confirmed off"
        )
    }

    /// Ends the claim on a machine that is gone, without making sure that it is off.
    /// - Returns: what is given up, for a person.
    public func forget(_ name: String, by author: String) async throws -> String {
        let instance = try await instance(named: name)
        let id = instance.claim.id
        try await pool.release(id, because: "forgotten by \(author): the machine is lost")
        reconcilers.wake(id, interrupts: true)
        let machine = await machineText(instance)
        let text =
            "\(id) is no longer claimed: \(machine) was not confirmed off; if it still runs, nobody"
            + " accounts for it"
            + (instance.claim.spec.logicalID.map { ", and \($0) may live twice" } ?? "")
        await note(.forgotten, instance, "by \(author): \(text)")
        return text
    }

    /// What forgetting an instance would give up, for a person who has not said yet that its machine
    /// is lost.
    public func warning(ofForgetting name: String) async throws -> String {
        let instance = try await instance(named: name)
        let claim = instance.claim
        let machine = await machineText(instance)
        var seen = ""
        if let name = instance.name, let status = await pool.status(of: name) {
            seen = Self.lastSight(of: status)
        }
        return "\(claim.id)\(claim.group.map { " of group \($0)" } ?? "") is \(claim.state.name) on"
            + " \(machine)\(seen). To forget it ends the claim without making sure that the machine"
            + " is off; one that runs on is nobody's"
            + (claim.spec.logicalID.map { ", and \($0) may live twice" } ?? "")
            + ". If the machine is gone for good: rackpool forget \(claim.id) --lost; else rackpool"
            + " release \(claim.id) powers it off first"
    }

    /// What was seen last of a claimed machine; what stands in its place says nothing of it.
    private static func lastSight(of status: DeviceStatus) -> String {
        if let mismatch = status.mismatch { return ", but \(mismatch)" }
        let power = status.observation?.power.rawValue ?? "never seen"
        return status.lastAnswer.map { ", seen last at \($0.timestamp): \(power)" }
            ?? ", not seen since the start"
    }

    private func machineText(_ instance: ClaimedInstance) async -> String {
        guard let name = instance.name else { return "an entry that names no device" }
        let machine = await pool.status(of: name)?.machine
        return [name, machine?.identity.displayed.map { "(\($0))" }].compactMap { $0 }
            .joined(separator: " ")
    }

    /// Takes a server out of its group though it looks well: it is non-functional until it is
    /// uncordoned. One that carries a logical ID is powered off first.
    public func replace(_ name: String, because reason: String?, by author: String) async throws {
        guard let status = await pool.status(of: name) else { throw await pool.unknown(name) }
        guard let claim = status.claim, claim.state.isDescribed else {
            throw OperatorError(
                description: "\(name) is \(status.array.rawValue), not active: nothing is to be"
                    + " replaced; rackpool cordon keeps it from being claimed")
        }
        let text = "replaced by \(author)" + (reason.map { ": \($0)" } ?? "")
        try await pool.setCordon(
            Cordon(since: time.date, reason: reason), of: name, by: author)
        let failure = ClaimState.Failure(
            since: time.date, reasons: [text], cause: .replaced)
        switch claim.state {
        case .running, .restarting:
            try await pool.update(claim.id, expecting: claim.state) { draft in
                if draft.claim.logicalIDKey == nil {
                    draft.fail(failure)
                } else {
                    draft.claim.state = .fencing(failure)
                }
            }
        default:
            throw OperatorError(
                description: "\(name) is \(claim.state.name), and is cordoned now: try again when"
                    + " it is running")
        }
        logger.notice("\(claim.id): \(name): \(text)")
        await pool.record(.failed, of: name, because: text, instance: claim.id)
        reconcilers.wake(claim.id, interrupts: true)
    }

    private func note(
        _ kind: HistoryEvent.Kind, _ instance: ClaimedInstance, _ text: String
    ) async {
        logger.notice("\(instance.claim.id): \(text)")
        guard let name = instance.name else { return }
        await pool.record(kind, of: name, because: text, instance: instance.claim.id)
    }
}
