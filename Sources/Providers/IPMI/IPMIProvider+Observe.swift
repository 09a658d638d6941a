public import Core
public import Foundation
internal import IPMIWire
internal import Logging

extension IPMIProvider {
    /// See ``observe(_:claimedAt:)``; of the log it weighs nothing.
    public func observe(_ device: Device) async throws(ProviderError) -> Observation {
        try await observe(device, claimedAt: nil)
    }

    /// Power and faults of the chassis, in one request; and a share of the sensors and what is new
    /// in the event log, in at most ``HardwareHealth/requestsPerLook``, though of a device that was
    /// well not more often than every two seconds.
    /// What the machine is known by is read once a session: another machine is another session.
    /// Critical events since the claim count as long as they are not over. Until every sensor and
    /// the log were read, which takes several looks, the observation is not complete; nor is it
    /// while a sensor can't be read that was critical when it was read last, which then is a warning.
    ///
    /// Sensors, log and identity are an extra: a BMC that stops answering at them has answered all the same.
    public func observe(
        _ device: Device, claimedAt: Date?
    ) async throws(ProviderError) -> Observation {
        let attempt = try attempt("look", at: device)
        let status = try await attempt.perform(GetChassisStatus())
        let identity = try await identity(of: device, attempt)
        let hardware = try await hardware(of: device, claimedAt, status, attempt)
        let findings = HardwareHealth.sorted(status.findings + hardware.findings)
        return Observation(
            power: status.power, health: findings.map(\.health).max() ?? .ok,
            reasons: findings.map(\.text), date: time.date, isComplete: hardware.isComplete,
            identity: identity)
    }

    private func hardware(
        of device: Device, _ claimedAt: Date?, _ status: GetChassisStatus.Response,
        _ attempt: IPMIAttempt
    ) async throws(ProviderError) -> (findings: [HealthReport.Finding], isComplete: Bool) {
        let turn = health.turn(of: device, claimedAt: claimedAt)
        guard let hardware = turn.hardware else { return (turn.known, turn.isComplete) }
        do throws(IPMIFailure) {
            let findings = try await hardware.look(
                over: attempt.connection, isOn: status.isOn, claimedAt: claimedAt)
            let isComplete = health.note(
                findings, await hardware.coverage, of: device, claimedAt: claimedAt)
            return (findings, isComplete)
        } catch {
            if case .cancelled = error { throw error.error(attempting: attempt.title) }
            let reason = error.error(attempting: "look at sensors and event log")
            logger.debug("\(device.described(reason.message))")
            return health.noteBreak(
                because: "the BMC stopped answering", of: device, claimedAt: claimedAt)
        }
    }

    /// By what the machine is known: read where a session was opened since it was read last.
    private func identity(
        of device: Device, _ attempt: IPMIAttempt
    ) async throws(ProviderError) -> SystemIdentity {
        let session = await attempt.connection.session
        if let known = identities.identity(of: device, in: session) { return known }
        do throws(IPMIFailure) {
            let told = try await IdentityReader.read(over: attempt.connection)
            let isOneSession = await attempt.connection.session == session
            identities.note(
                told.identity, isFinal: told.isFinal && isOneSession, of: device, in: session)
            return told.identity
        } catch {
            if case .cancelled = error { throw error.error(attempting: attempt.title) }
            identities.note(SystemIdentity(), isFinal: false, of: device, in: session)
            let reason = error.error(attempting: "look at GUID and inventory")
            logger.debug("\(device.described(reason.message))")
            return SystemIdentity()
        }
    }

    /// The chassis, all sensors, the event log and the parts that tell of themselves, in at most
    /// 1,500 requests; the report says what was left out.
    public func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        let attempt = try attempt("deep look", at: device)
        let status = try await attempt.perform(GetChassisStatus())
        do throws(IPMIFailure) {
            var report = try await health.hardware(of: device).examine(
                over: attempt.connection, power: status.power,
                lookingBack: lookingBack)
            report.findings = HardwareHealth.sorted(status.findings + report.findings)
            report.requests += 1
            return report
        } catch {
            throw error.error(attempting: attempt.title)
        }
    }
}
