import Core

/// Something that happens to a daemon or to its world, some time after what happened before.
struct TimedStep: Sendable, CustomStringConvertible {
    let pause: Duration
    let step: WorldStep
    var description: String { "after \(pause.clock): \(step)" }
}

enum WorldStep: Sendable {
    // What InfraKit wants.
    case provision(Wish)
    case destroy(Int)
    case label(Int, group: Int?)
    // What an operator wants.
    case cordon(Int), uncordon(Int)
    case replace(Int), release(Int), forget(Int)
    case sync, unfreeze
    case power(Int, PowerAction, isForced: Bool)
    // What an operator does to the inventory, followed by a reload.
    case rename(Int), swap(Int, Int), listAgain(Int), unlist(Int), relist
    case setPassword(Int, isRight: Bool)
    // What happens to the hardware.
    case health(Int, Health)
    case refuseOn(Int, Bool), listen(Int, Bool)
    case pressButton(Int), losePower(Int), cycleByGuest(Int)
    case exchange(Int, absence: Int), bringBack
    case restartBMC(Int), silence(Int, Int), changePassword(Int)
    case cutNetwork(count: Int, Int)
    // What happens to the daemon.
    case crash(after: Int, away: Int), restart(away: Int)
    case setClock(Int)

    /// What a provision asks for.
    struct Wish: Sendable {
        var group: Int
        var logicalID: String?
        var configuration: Int
        var powersOff: Bool
        var hasMedia: Bool
        var hasBoot: Bool
        var hasGrace: Bool

        var spec: ClaimSpec {
            var properties: JSONObject = ["Grace": hasGrace ? "30s" : "0s"]
            if powersOff { properties["PowerOff"] = true }
            if hasMedia {
                properties["Media"] = ["Image": "https://192.0.2.1/a.iso", "Type": "CD"]
            }
            if hasBoot { properties["Boot"] = ["Target": "Pxe"] }
            return ClaimSpec(
                properties: .object(properties),
                tags: [
                    "infrakit.group": "g\(group)", "infrakit.config.hash": "c\(configuration)",
                ], logicalID: logicalID)
        }
    }
}
