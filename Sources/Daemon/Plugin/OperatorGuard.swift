import Core
import InfraKit

/// Lets operators' methods through or keeps them off: a Unix socket is its owner's alone, a TCP port
/// anybody's.
struct OperatorGuard: Sendable {
    let isOpen: Bool

    /// The methods as they are served.
    func guarded(_ methods: [String: AdditionalMethod]) -> [String: AdditionalMethod] {
        isOpen
            ? methods
            : methods.mapValues { _ in
                { _, _ in
                    throw PluginClient.Refusal(
                        description:
                            "the operator's methods are off over TCP, where nobody is asked for a"
                            + " name: start rackpool with --operator-over-tcp to have them there, or"
                            + " without --listen")
                }
            }
    }
}
