/// Why no device was claimed.
public enum PlacementError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No device does: how many there are, and how many drop out for which reason.
    case noDevice(total: Int, reasons: [String])
    /// The logical ID is carried by an instance that is described.
    case logicalIDInUse(String, group: String?, instance: String)
    /// An instance that is to carry the logical ID is being made right now.
    case logicalIDInTheMaking(String, group: String?, device: String)

    public var description: String {
        switch self {
        case .noDevice(let total, let reasons):
            let devices = total == 1 ? "1 device" : "\(total) devices"
            return "no device to claim: \(devices)"
                + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", "))
        case .logicalIDInUse(let logicalID, let group, let instance):
            return "logical ID \(logicalID)\(group.map { " of group \($0)" } ?? "") is carried by"
                + " instance \(instance) already: destroy that one first"
        case .logicalIDInTheMaking(let logicalID, let group, let device):
            return "logical ID \(logicalID)\(group.map { " of group \($0)" } ?? "") is about to be"
                + " carried by an instance on \(device): try again"
        }
    }
}
