import Core
import Foundation
import Locking
import Randomness

/// What is true, whatever the daemon believes: servers and their power, BMCs and what is on its way
/// in them, the store. It outlives daemons, and checks the promises at each thing that happens.
final class World: Sendable {
    /// Servers 0 to 4 have a BMC each; 5 and 6 share one; the rest are spares.
    static let placed = 7
    static let spares = 7..<10
    static let bmcCount = 6
    /// A server of which nothing identifies.
    static let anonymous = 3

    struct State: Sendable {
        var servers = (0..<World.spares.upperBound).map(Server.init)
        var bmcs: [ServerBMC]
        var underway: [Underway] = []
        var nextCommand = 0
        var meanness: Meanness
        var dice: SeededNumbers
        var isMended = false

        // The store.
        var records: [RecordKey: DeviceRecord] = [:]
        var sequence: UInt64 = 0
        var revision: UInt64 = 0

        // What the model knows of instances.
        var known: Set<String> = []
        var claimedAt: [String: Duration] = [:]
        /// The server that an instance's first power command went to.
        var bound: [String: Int] = [:]
        var destroyRequested: Set<String> = []
        var destroyAccepted: Set<String> = []
        var forgotten: Set<String> = []
        /// Which server was started last for a logical ID.
        var lastStarts: [LogicalIDKey: Int] = [:]
        /// When a look at a server's place last said that something is wrong, but for refusals.
        var troubles: [Int: Duration] = [:]
        /// Since when all looks at an instance's device say that something is wrong, but for refusals.
        var badSince: [String: Duration] = [:]
        /// The servers in whose drives media are that we have put there.
        var media: Set<Int> = []
        /// When a look has last seen a server on.
        var seenOn: [Int: Duration] = [:]
        /// When something was last odd about a server, so that it may not be offered.
        var oddities: [Int: Duration] = [:]
        /// What the running daemon has for an inventory, since when it runs, and what an operator's
        /// plain command is at.
        var listed: [Device] = []
        var startedAt: Duration = .zero
        var held: [String: Int] = [:]
        /// How many provisions are being answered.
        var provisions = 0

        var violations: [String] = []
    }

    let time = WorldTime()
    let state: Mutex<State>
    let isLogging: Bool

    init(seed: UInt64, meanness: Meanness, isLogging: Bool) {
        var bmcs = (0..<(Self.bmcCount - 1)).map { ServerBMC(places: [nil: $0]) }
        bmcs.append(ServerBMC(places: ["1": 5, "2": 6]))
        state = Mutex(
            State(bmcs: bmcs, meanness: meanness, dice: SeededNumbers(seed: seed)))
        self.isLogging = isLogging
    }

    var now: Duration { time.uptime }
    var violations: [String] { state.withLock { $0.violations } }
    var records: [RecordKey: DeviceRecord] { state.withLock { $0.records } }

    func violate(_ text: @autoclosure () -> String) {
        let text = "\(now.clock) \(text())"
        note("VIOLATION " + text)
        state.withLock { $0.violations.append(text) }
    }

    func note(_ text: @autoclosure () -> String) {
        guard isLogging else { return }
        print("\(now.clock) \(text())")
    }

    /// Whether something happens that does so in `percent` of all cases.
    func happens(_ percent: Int) -> Bool {
        state.withLock { $0.dice.happens(percent) }
    }

    /// The same with a world's meanness; nothing of the kind happens when all is mended.
    func chance(_ percent: (Meanness) -> Int) -> Bool {
        let percent = state.withLock { $0.isMended ? 0 : percent($0.meanness) }
        return percent > 0 && happens(percent)
    }

    /// A time up to the given one.
    func random(upTo seconds: Double) -> Duration {
        .milliseconds(
            state.withLock { Int.random(in: 0...Int(seconds * 1000), using: &$0.dice) })
    }

    // MARK: Addresses

    /// The BMC's number and the place that a URL and a system name.
    static func place(_ device: Device) -> (bmc: Int, system: String?)? {
        let host = device.bmc.replacing("model://", with: "").replacing("other-", with: "")
        return Int(host).map { ($0, device.system) }
    }

    /// The server that stands where a device's address leads to.
    func server(at device: Device) -> Int? {
        guard let (bmc, system) = Self.place(device) else { return nil }
        return state.withLock { $0.bmcs[bmc].places[system] ?? nil }
    }

    /// Where a server belongs, or stands.
    func place(of server: Int) -> (bmc: Int, system: String?)? {
        state.withLock { state in
            for (number, bmc) in state.bmcs.enumerated() {
                for (system, there) in bmc.places where there == server {
                    return (number, system)
                }
            }
            return nil
        }
    }
}

extension Duration {
    /// `0:17:03.250`.
    var clock: String {
        let milliseconds = Int(self / .milliseconds(1))
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        return "\(minutes):\(rest / 1000).\(rest % 1000)"
    }
}
