internal import Core
internal import Locking

/// By what the machines behind the BMCs are known, each as it was read in a session.
final class IdentityMemory: Sendable {
    private struct Entry {
        /// As it was when the entry was made.
        let bmc: String
        let session: UInt32?
        var identity: SystemIdentity
        /// How often it was read, and not all could be.
        var attempts = 0
        var isFinal = false
    }

    /// After how many fruitless attempts in a session it is left at what is known.
    private static let patience = 3

    private let entries = Mutex<[String: Entry]>([:])

    /// Nil if it is to be read: for the first time in this session, or again.
    func identity(of device: Device, in session: UInt32?) -> SystemIdentity? {
        entries.withLock { entries in
            guard let entry = entries[device.name], entry.bmc == device.bmc,
                entry.session == session, entry.isFinal || entry.attempts >= Self.patience
            else { return nil }
            return entry.identity
        }
    }

    /// - Parameter isFinal: whether it is no use asking again in this session.
    func note(
        _ identity: SystemIdentity, isFinal: Bool, of device: Device, in session: UInt32?
    ) {
        entries.withLock { entries in
            let before = entries[device.name].flatMap { entry in
                entry.bmc == device.bmc && entry.session == session ? entry.attempts : nil
            }
            entries[device.name] = Entry(
                bmc: device.bmc, session: session, identity: identity,
                attempts: (before ?? 0) + 1, isFinal: isFinal)
        }
    }

    func forget(_ device: Device) {
        entries.withLock { $0[device.name] = nil }
    }
}
