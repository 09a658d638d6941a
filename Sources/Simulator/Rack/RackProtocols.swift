/// What the BMCs of a ``SimulatedRack`` speak.
public enum RackProtocols: String, Sendable, Hashable, CaseIterable {
    /// Redfish alone.
    case redfish
    /// IPMI over LAN alone, as the servers that have no Redfish.
    case ipmi
    /// Both, on the same devices.
    case both
    /// By turns Redfish alone and IPMI alone.
    case mixed

    func hasRedfish(bmc index: Int) -> Bool {
        switch self {
        case .redfish, .both: true
        case .ipmi: false
        case .mixed: index % 2 == 0
        }
    }

    func hasIPMI(bmc index: Int) -> Bool {
        switch self {
        case .ipmi, .both: true
        case .redfish: false
        case .mixed: index % 2 == 1
        }
    }
}
