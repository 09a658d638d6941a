/// Why an instance could not be dealt with.
public enum InstanceError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(String)
    /// It was not, or no longer, at what was to be changed.
    case changed(String)

    public var description: String {
        switch self {
        case .unknown(let id): "there is no instance \(id)"
        case .changed(let id): "\(id) is at something else by now: look again (rackpool devices)"
        }
    }
}
