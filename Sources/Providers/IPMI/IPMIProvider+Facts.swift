public import Core
internal import IPMIWire

extension IPMIProvider {
    /// Reads the inventory of the part that the BMC sits on, the system's GUID and the device ID.
    /// What a BMC does not tell stays unknown; so do processors, memory and the MAC addresses, for
    /// which IPMI has no words: the one MAC address that it knows is the BMC's own.
    public func facts(of device: Device) async throws(ProviderError) -> Facts {
        let attempt = try attempt("reading the facts", at: device)
        let bmc = try await attempt.performIfPossible(GetDeviceID())
        let guid = try await attempt.performIfPossible(GetSystemGUID())
        let inventory: FRUInventory?
        do throws(IPMIFailure) {
            inventory = try await HardwareHealth.inventory(over: attempt.connection)
        } catch {
            throw error.error(attempting: attempt.title)
        }
        return Facts(
            manufacturer: inventory?.manufacturer, model: inventory?.model,
            serialNumber: inventory?.serialNumber, uuid: SystemIdentity(uuid: guid?.uuid).uuid,
            bmcFirmwareVersion: bmc?.firmwareVersion)
    }
}
