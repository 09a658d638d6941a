internal import Core
internal import Locking
internal import Logging

/// Warns of each device for which the inventory allows a cipher suite that leaves something
/// unprotected, once.
final class InsecureCipherSuites: Sendable {
    private let warned = Mutex<Set<String>>([])

    func warn(of device: Device, _ logger: Logger) {
        let weak = device.ipmi.cipherSuites.filter { Self.weakness(of: $0) != nil }
        guard !weak.isEmpty, warned.withLock({ $0.insert(device.name).inserted }) else { return }
        let list = weak.map { "\($0): \(Self.weakness(of: $0) ?? "")" }.joined(separator: "; ")
        logger.warning(
            "the inventory allows insecure cipher suites (\(list)); prefer 17 or 3",
            metadata: ["device": "\(device.name)", "bmc": "\(device.bmc)"])
    }

    func forget(_ device: Device) {
        _ = warned.withLock { $0.remove(device.name) }
    }

    /// What a suite leaves open (IPMI v2.0 22.15.2, table 22-20); nil if nothing.
    static func weakness(of suite: Int) -> String? {
        switch suite {
        case 0: "no password is asked for, whoever reaches the BMC steers it"
        case 1, 15: "whoever is on the way can forge commands"
        case 2, 16: "whoever is on the way can read along"
        default: nil
        }
    }
}
