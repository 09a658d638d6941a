/// The health that a BMC reports of its system (Redfish `Resource.Health`).
public enum SimulatedHealth: String, Sendable, Hashable, CaseIterable {
    case ok = "OK"
    case warning = "Warning"
    case critical = "Critical"
}
