public import Core
internal import NIOCore

extension SimulatedBMC {
    /// Hangs for a while: what comes meanwhile waits, and is carried out at the end, whether its
    /// sender is still there or not.
    public func stall(for duration: Duration) {
        hang()
        loop.scheduleTask(in: TimeAmount(duration)) { [weak self] in self?.resume() }
    }

    /// Puts another server, with a BMC of its own, where the first system stood: it is off, known by
    /// other numbers, and has heard nothing of what the old one was told. Meant for one that is
    /// unplugged.
    /// - Parameter uuid: in the form `5a0c0000-0000-4000-8000-000000000001`.
    public func exchange(serialNumber: String, uuid: String) {
        withState { $0.exchange(serialNumber: serialNumber, uuid: uuid) }
    }

    /// Restarts the BMC, which its systems outlive: connections break, sessions are forgotten, and
    /// for a while it shows a power state that may not be theirs.
    public func restart(showing power: PowerState = .off, for duration: Duration) {
        endSessions()
        let connections = withWire { Array($0.connections.values) }
        for connection in connections { connection.close(promise: nil) }
        for system in systems { system.showPower(power) }
        loop.scheduleTask(in: TimeAmount(duration)) { [weak self] in
            for system in self?.systems ?? [] { system.showPower(nil) }
        }
    }
}
