public import Core

/// One system (a device) of a ``SimulatedBMC``.
public struct SimulatedSystem: Sendable {
    /// What manages it.
    public let bmc: SimulatedBMC
    /// Its number among the BMC's systems, from 0.
    public let index: Int

    /// Its `Id`, as the inventory's `system` names it.
    public var id: String { recorded.id }

    /// Its path, `/redfish/v1/Systems/1`.
    public var path: String { recorded.path }

    /// The power state that the BMC reports. Setting it is a hand on the machine: no reset is
    /// counted and nothing boots. A transient state set here goes on to its end.
    public var power: PowerState {
        get { bmc.withState { $0.systems[index].power.reported } }
        nonmutating set { bmc.withState { $0.systems[index].forcePower(newValue) } }
    }

    /// What each boot came from, the last last: a boot override's target, or `None` for what the
    /// firmware is set to, which comes after an empty drive, too.
    public var bootsFrom: [String] { bmc.withState { $0.systems[index].bootsFrom } }

    /// The resets that were carried out, the last last; those without effect don't count.
    public var resets: [String] { bmc.withState { $0.systems[index].resets } }

    /// The `Boot` object that the BMC reports; nil if the fixture has none.
    public var boot: JSONObject? { bmc.withState { $0.systems[index].boot?.object } }

    /// Whether the fixture has a reset action.
    public var hasReset: Bool { recorded.resetTarget != nil }

    /// The reset types that the fixture says it takes; nil if it does not say.
    public var resetTypes: [String]? { recorded.resetTypes }

    /// Sets the health that the BMC reports; the reason is shown in `Status.Conditions`. Who listens
    /// to the BMC's events is told. Over IPMI a sensor of the first system is not well, a power
    /// supply's or a fan's if the reason names one, and the log gets the events.
    public func setHealth(_ health: SimulatedHealth, reason: String? = nil) {
        let now = SimulatedBMC.now()
        bmc.withState { $0.setHealth(health, reason: reason, of: index, at: now) }
        bmc.emit(.status(health, reason: reason, of: path))
    }

    /// How long a power change takes from now on.
    public func setPowerDelay(_ delay: Duration) {
        bmc.withState { $0.systems[index].powerDelay = delay }
    }

    /// How long the operating system takes to shut down from now on; nil if it does not react.
    public func setShutdownDelay(_ delay: Duration?) {
        bmc.withState { $0.systems[index].shutdownDelay = delay }
    }

    /// What the BMC makes of power commands over Redfish from now on; nil has it carry them out.
    public func setPowerFault(_ fault: PowerFault?) {
        bmc.withState { $0.systems[index].powerFault = fault }
    }

    /// Has the BMC show a power state that is not the system's; nil has it show that again.
    public func showPower(_ power: PowerState?) {
        bmc.withState { state in
            state.systems[index].shownPower = power
            state.systems[index].noteChange()
        }
    }

    /// Waits until the BMC reports a power state; a transient state counts as it is passed.
    ///
    /// - Throws: ``SimulatorError/timeout(_:)``.
    public func waitForPower(_ power: PowerState, timeout: Duration = .seconds(60)) async throws {
        try await bmc.waitForPower(power, of: index, timeout: timeout)
    }

    private var recorded: FixtureSystem { bmc.fixture.systems[index] }
}
