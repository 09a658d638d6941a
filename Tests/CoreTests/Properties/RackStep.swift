import Core
@testable import TestSupport

/// One thing that happens to a daemon and its rack. A step never depends on what went before, so
/// that a sequence stays one when steps are left out.
indirect enum RackStep: Sendable {
    /// What a provision asks for.
    struct Wish: Sendable {
        var group: Int
        var logicalID: Int?
        var kind: Kind

        enum Kind: CaseIterable, Sendable {
            case plain, boot, media, selector, spread, powerOff, require
        }

        var spec: ClaimSpec {
            ClaimSpec(
                properties: properties, tags: ["infrakit.group": "g\(group)"],
                logicalID: logicalID.map { "m\($0)" })
        }

        private var properties: JSON {
            switch kind {
            case .plain: .null
            case .boot: ["Boot": ["Target": "Pxe"], "Grace": "0s"]
            case .media: ["Media": "https://192.0.2.1/boot.iso", "Grace": "0s"]
            case .selector: ["Selector": ["rack": "r1"]]
            case .spread: ["Spread": "rack"]
            case .powerOff: ["PowerOff": true]
            case .require: ["Require": ["MinCores": 16]]
            }
        }
    }

    case provision(Wish)
    /// Destroys the described instance with this number, counted round.
    case destroy(Int)
    case label(Int, value: Int)
    /// The same as the provision or destroy in it, but the first power command hangs, and the
    /// caller's time runs out.
    case slow(RackStep)
    /// The BMC of the command that has hung longest does this at last.
    case unhang(ModelRack.Ending)
    /// Provisions, destroys, labels and rounds at the same time.
    case together([RackStep])
    case condition(Int, ModelRack.Condition)
    /// All BMCs are cut off, or are there again.
    case outage(Bool)
    case powerLoss(Int)
    case foreignOn(Int)
    case foreignOff(Int)
    case round
    case timePasses(seconds: Int)
    /// The daemon is stopped and started.
    case restart
    /// The daemon dies after so many writes and commands of the step in it, and is started again.
    case crash(RackStep, after: Int)
    case drop(Int)
    case list(Int)
    case move(Int)
    case cordon(Int)
    case uncordon(Int)
    case unfreeze
}
