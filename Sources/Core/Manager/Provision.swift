internal import Locking

/// One call of `Provision` and what has become of it: the caller and the work look here to agree
/// on who decides.
final class Provision: Sendable {
    enum State: Sendable {
        /// Between two devices, or before the first.
        case choosing
        /// A device is claimed and is being started.
        case starting(id: String)
        /// The caller knows this instance; no other device may take its place.
        case answered(id: String)
        /// The caller has been told that it failed.
        case abandoned
    }

    let spec: ClaimSpec
    let properties: SpecProperties
    /// The ID of the instance that was started.
    let outcome = Outcome<String>()
    private let state = Mutex(State.choosing)
    private let attempts = Mutex<[(device: String, text: String, isOfMedia: Bool)]>([])

    init(spec: ClaimSpec, properties: SpecProperties) {
        self.spec = spec
        self.properties = properties
    }

    /// The devices that were tried in vain.
    var struck: Set<String> { attempts.withLock { Set($0.map(\.device)) } }

    /// What was tried in vain, a clause a device; empty if nothing was.
    var tried: String {
        attempts.withLock { attempts in attempts.map(\.text).joined(separator: "; ") }
    }

    /// How many devices refused the media although they have a drive for it.
    var mediaRefusals: Int { attempts.withLock { $0.count(where: \.isOfMedia) } }

    func strike(_ device: Device, because reason: String, isOfMedia: Bool) {
        attempts.withLock { $0.append((device.name, device.described(reason), isOfMedia)) }
    }

    /// Whether the caller knows the instance.
    var isAnswered: Bool {
        state.withLock { if case .answered = $0 { true } else { false } }
    }

    /// The work has claimed a device. False if the caller has given up meanwhile.
    func begin(_ id: String) -> Bool {
        state.withLock { state in
            guard case .choosing = state else { return false }
            state = .starting(id: id)
            return true
        }
    }

    /// The work gives its device up. True if it may try another one.
    func giveUp() -> Bool {
        state.withLock { state in
            guard case .starting = state else { return false }
            state = .choosing
            return true
        }
    }

    /// The caller's time is over. Returns the instance to answer with, or nil if there is none.
    func timeIsOver() -> String? {
        state.withLock { state in
            switch state {
            case .starting(let id), .answered(let id):
                state = .answered(id: id)
                return id
            case .choosing, .abandoned:
                state = .abandoned
                return nil
            }
        }
    }
}
