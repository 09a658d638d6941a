/// Why no device was claimed.
public enum PlacementError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No device does: how many there are, and how many drop out for which reason.
    case noDevice(total: Int, reasons: [String])
    /// The logical ID is held by an instance.
    case logicalIDInUse(LogicalIDKey, instance: String)
    /// An instance that is to hold the logical ID is being made right now.
    case logicalIDInTheMaking(LogicalIDKey, device: String)
    /// A machine that has failed under the logical ID was last seen running.
    case logicalIDRunning(LogicalIDKey, instance: String, device: String)
    /// A machine that has failed under the logical ID is not where it was claimed, and may run at a
    /// device that nobody has looked at since.
    case logicalIDAstray(LogicalIDKey, instance: String, device: String)
    /// A machine that has failed under the logical ID is nowhere to be seen, and was not confirmed off.
    case logicalIDLost(LogicalIDKey, instance: String)

    public var description: String {
        switch self {
        case .noDevice(let total, let reasons):
            let devices = total == 1 ? "1 device" : "\(total) devices"
            return "no device to claim: \(devices)"
                + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", "))
        case .logicalIDInUse(let key, let instance):
            return "\(key.displayed) is carried by instance \(instance) already: destroy that one"
                + " first"
        case .logicalIDInTheMaking(let key, let device):
            return "\(key.displayed) is about to be carried by an instance on \(device): try again"
        case .logicalIDRunning(let key, let instance, let device):
            return "\(key.displayed): \(device) is non-functional and still runs as \(instance); it"
                + " is powered off, recovers or is released: try again"
        case .logicalIDAstray(let key, let instance, let device):
            return "\(key.displayed): the machine of \(instance) is not known to be where it was"
                + " claimed, and may run at a device that was not looked at since, such as"
                + " \(device): try again when the next round is over, or after rackpool sync"
        case .logicalIDLost(let key, let instance):
            return "\(key.displayed): another machine stands where \(instance) was claimed, and its"
                + " own was not confirmed off: list that one, or, if it is gone, rackpool forget"
                + " \(instance) --lost"
        }
    }
}

extension LogicalIDKey {
    var displayed: String {
        "logical ID \(logicalID)\(group.map { " of group \($0)" } ?? "")"
    }
}
