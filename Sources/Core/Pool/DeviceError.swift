/// Why a device could not be dealt with.
public enum DeviceError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(String, nearest: String?)

    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "there is no device \(name)" + (nearest.map { "; did you mean \($0)?" } ?? "")
        }
    }
}
