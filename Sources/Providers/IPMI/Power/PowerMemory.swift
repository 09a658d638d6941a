internal import Core
internal import Locking

/// The power commands that BMCs took a moment ago: see ``SettlingPower``.
final class PowerMemory: Sendable {
    private struct Entry {
        let bmc: String
        let settling: SettlingPower
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The BMC took a power command, or may have.
    func note(_ command: PowerCommand, of device: Device, now: Duration) {
        let settling = SettlingPower(after: command, at: now)
        entries.withLock { entries in
            entries[device.name] = settling.map { Entry(bmc: device.bmc, settling: $0) }
        }
    }

    /// What the device's power state is, given what its BMC shows.
    func settle(_ shown: PowerState, of device: Device, now: Duration) -> PowerState {
        entries.withLock { entries in
            guard let entry = entries[device.name] else { return shown }
            guard entry.bmc == device.bmc, now < entry.settling.end,
                shown != entry.settling.wanted
            else {
                entries[device.name] = nil
                return shown
            }
            return entry.settling.state(shown: shown)
        }
    }

    func forget(_ device: Device) {
        entries.withLock { $0[device.name] = nil }
    }
}
