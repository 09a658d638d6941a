import InfraKit
import Core
import StateFile

/// Which way each device is switched.
struct PowerPlan: Sendable {
    /// One device, as the operator named it.
    struct Target: Sendable {
        let name: String
        let way: Way
    }

    enum Way: Sendable {
        /// The running plugin does it.
        case plugin(PluginClient)
        /// This process does it, if the machine that was claimed there stands there, and none that
        /// is claimed under another name.
        case direct(Device, claimed: Machine? = nil, others: StoredClaims? = nil)
        /// Nobody does it, and why.
        case refused(String)
    }

    /// In the order in which they were named.
    var targets: [Target]
    /// What the operator should know before it begins.
    var notes: [String] = []
    /// Keeps a plugin from being started with the same state meanwhile.
    var lease: FileStore?
}
