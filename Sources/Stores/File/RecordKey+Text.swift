public import Core

extension RecordKey {
    /// As a person would say it: `device r1u07`, `instance InfraKit-7`.
    public var text: String {
        switch self {
        case .device(let name): "device \(name)"
        case .orphan(let id): "instance \(id)"
        }
    }
}
