internal import Core
internal import Synchronization

extension RedfishProvider {
    /// Corrects what a BMC shows that has taken a power command and still shows the state before
    /// it, as some do for seconds: see ``SettlingPower``.
    func settle(_ system: inout ComputerSystem, of device: Device) {
        let (shown, now) = (system.powerState, time.uptime)
        system.powerState = registry.withLock { $0.settle(shown, of: device, now: now) }
    }

    /// Whether the BMC may still show the state before the last power command.
    func isSettling(_ device: Device) -> Bool {
        let now = time.uptime
        return registry.withLock { $0.isSettling(device, now: now) }
    }

    /// The BMC took a power command, or may have.
    func noteCommand(_ command: PowerCommand, of device: Device) {
        let settling = SettlingPower(after: command, at: time.uptime)
        registry.withLock { $0.setSettling(settling, of: device) }
    }
}
