internal import Core
internal import Locking
internal import Logging

/// Warns of each device whose BMC's certificate is not verified, once.
final class InsecureDevices: Sendable {
    private let warned = Mutex<Set<String>>([])

    func warn(of device: Device, _ logger: Logger) {
        guard device.tls == .insecure, device.bmc.lowercased().hasPrefix("https:"),
            warned.withLock({ $0.insert(device.name).inserted })
        else { return }
        logger.warning(
            "the BMC's certificate is not verified (tls: {insecure: true}): whoever is on the way to it can read its password; prefer a fingerprint",
            metadata: ["device": "\(device.name)", "bmc": "\(device.bmc)"])
    }

    func forget(_ device: Device) {
        _ = warned.withLock { $0.remove(device.name) }
    }
}
