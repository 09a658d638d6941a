/// What an operator's command does to a device, it does to one that is not claimed meanwhile.
extension Pool {
    /// A device that the inventory lists, or that is claimed.
    /// - Throws: ``DeviceError/unknown(_:nearest:)``.
    func device(_ name: String) throws(DeviceError) -> Device {
        if let device = status(of: name)?.device { return device }
        throw unknown(name)
    }

    /// Keeps a device from being claimed until ``endHold(of:)``, in memory only.
    /// - Throws: ``PowerError`` if it, or the machine behind it under another name, is claimed, or
    ///   somebody else holds it; ``DeviceError``.
    func hold(_ name: String) throws -> Device {
        let device = try device(name)
        guard let status = status(of: name) else { return device }
        if status.isHeld { throw PowerError.busy(device) }
        if let claim = status.claim { throw PowerError.claimed(device, claim) }
        if status.isReserved { throw PowerError.beingClaimed(device) }
        if let twin = status.twin, let claim = self.status(of: twin)?.claim {
            throw PowerError.claimed(device, claim)
        }
        table.setHeld(true, of: name)
        return device
    }

    /// Lets a device be claimed again.
    func endHold(of name: String) {
        table.setHeld(false, of: name)
    }
}
