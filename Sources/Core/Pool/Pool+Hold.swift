/// What an operator's command does to a device, it does to one that is not claimed meanwhile.
extension Pool {
    /// A device that the inventory lists, or that is claimed.
    /// - Throws: ``DeviceError/unknown(_:nearest:)``.
    func device(_ name: String) throws(DeviceError) -> Device {
        if let device = status(of: name)?.device { return device }
        throw .unknown(
            name, nearest: Spelling.nearest(to: name, among: statuses().map(\.name)))
    }

    /// Keeps a device from being claimed until ``endHold(of:)``, in memory only.
    /// - Parameter isForced: takes one that is claimed, too.
    /// - Throws: ``PowerError`` if it is claimed, or somebody else holds it; ``DeviceError``.
    func hold(_ name: String, isForced: Bool) throws -> Device {
        let device = try device(name)
        guard let status = status(of: name) else { return device }
        if status.isHeld { throw PowerError.busy(device) }
        if !isForced {
            if let claim = status.claim { throw PowerError.claimed(device, claim) }
            if status.isReserved { throw PowerError.beingClaimed(device) }
        }
        setHeld(true, of: name)
        return device
    }

    /// Lets a device be claimed again.
    func endHold(of name: String) {
        setHeld(false, of: name)
    }
}
