public import Core
internal import NIOCore

extension SimulatedBMC {
    /// Hangs for a while: what comes meanwhile waits, and is carried out at the end, whether its
    /// sender is still there or not.
    public func stall(for duration: Duration) {
        hang()
        loop.scheduleTask(in: TimeAmount(duration)) { [weak self] in self?.resume() }
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
