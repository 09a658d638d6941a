/// Why an operator's command did not switch a device's power.
public enum PowerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An instance lives on it.
    case claimed(Device, Claim)
    /// InfraKit is being given the device right now.
    case beingClaimed(Device)
    /// Another command is at it.
    case busy(Device)
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
        case .failed(let device, let message): device.described(message)
        }
    }
}

extension PoolManager {
    /// Carries out what an operator wants of a device's power. The device is not claimed meanwhile,
    /// and one that is claimed is not switched.
    /// - Parameters:
    ///   - limit: how long the BMC may take to confirm.
    ///   - isForced: switches a claimed device all the same.
    /// - Throws: ``PowerError``; ``DeviceError`` if there is no such device.
    public func power(
        _ action: PowerAction, of name: String, within limit: Duration, isForced: Bool
    ) async throws -> PowerReport {
        guard action != .status else {
            return try await perform(action, on: try await pool.device(name), within: limit)
        }
        let device = try await pool.hold(name, isForced: isForced)
        let report: Result<PowerReport, any Error>
        do {
            report = .success(try await perform(action, on: device, within: limit))
        } catch {
            report = .failure(error)
        }
        await pool.endHold(of: name)
        let outcome = (try? report.get()).map { $0.remark ?? "done" } ?? "failed"
        await pool.record(
            .switched, of: name, because: "\(action.title) by the operator: \(outcome)")
        return try report.get()
    }

    private func perform(
        _ action: PowerAction, on device: Device, within limit: Duration
    ) async throws -> PowerReport {
        do {
            return try await driver(of: device, confirmingWithin: limit).power.perform(action)
        } catch {
            throw PowerError.failed(device, Self.text(of: error))
        }
    }
}
