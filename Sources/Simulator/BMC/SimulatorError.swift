/// Why the simulator could not do what it was asked.
public enum SimulatorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A system did not reach a power state in time.
    case timeout(String)
    /// No free port or address was found, or not enough files may be open.
    case cannotListen(String)
    /// The fixture has no such resource.
    case unknownResource(String)
    /// The configuration makes no sense.
    case badConfiguration(String)

    public var description: String {
        switch self {
        case .timeout(let message), .cannotListen(let message), .unknownResource(let message),
            .badConfiguration(let message):
            message
        }
    }
}
