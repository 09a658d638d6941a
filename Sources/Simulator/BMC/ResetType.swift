/// A way to reset a system (Redfish `Resource.ResetType`).
enum ResetType: String, Sendable, CaseIterable {
    case on = "On"
    case forceOn = "ForceOn"
    case forceOff = "ForceOff"
    case gracefulShutdown = "GracefulShutdown"
    case gracefulRestart = "GracefulRestart"
    case forceRestart = "ForceRestart"
    case powerCycle = "PowerCycle"
    case fullPowerCycle = "FullPowerCycle"
    case pushPowerButton = "PushPowerButton"
    case nmi = "Nmi"
    /// Not in the schema; Cray's node controllers offer it beside `ForceOff`.
    case off = "Off"
}
