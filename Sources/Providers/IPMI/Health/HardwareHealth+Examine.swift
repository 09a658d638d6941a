internal import Core
internal import IPMIWire

extension HardwareHealth {
    /// A deep look: all sensors, the log as far back as `lookingBack` by the BMC's own clock, and
    /// the parts that tell of themselves; at most 1,500 requests. The report says what was left
    /// out.
    nonisolated func examine(
        over connection: any IPMIConnection, power: PowerState, lookingBack: Duration
    ) async throws(IPMIFailure) -> HealthReport {
        var examiner = HardwareExaminer(
            self, over: connection, power: power, lookingBack: lookingBack, now: await date)
        return try await examiner.report()
    }

    /// What the machine says that it is: the inventory of the part that the BMC sits on. Nil if it
    /// has none.
    nonisolated static func inventory(
        over connection: any IPMIConnection
    ) async throws(IPMIFailure) -> FRUInventory? {
        var budget = RequestBudget(connection, limit: 200)
        var reader = FRUReader()
        return try await reader.inventory(of: 0, &budget)
    }
}
