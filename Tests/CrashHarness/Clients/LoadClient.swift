import Core
import InfraKit
import Locking
import Randomness

/// One of the clients that keep the daemon busy until it dies, as InfraKit's group controllers do.
struct LoadClient: Sendable {
    /// What the calls came to.
    struct Counts: Sendable {
        var provisioned = 0
        var destroyed = 0
        var labelled = 0
        /// What operators did.
        var operated = 0
        var refused = 0
        var unanswered = 0
    }

    private enum Call: CaseIterable {
        case provision, destroy, label, audit
    }

    let number: Int
    let plugin: PluginClient
    let ledger: Ledger
    let auditor: Auditor
    let devices: Int
    /// How many of 100 provisions ask for a medium.
    let mediaShare: Int
    var numbers: SeededNumbers

    /// Two groups use the same logical IDs.
    private static let groups = ["g1", "g2"]
    private static let logicalIDs = ["p1", "p2", "p3", "p4"]
    /// How many of 100 provisions are of an instance with a logical ID.
    private static let petShare = 45

    /// Calls until one is not answered; returns what they came to.
    mutating func run() async -> Counts {
        var counts = Counts()
        while !Task.isCancelled {
            do {
                try await call(&counts)
            } catch is PluginClient.Refusal {
                counts.refused += 1
                // Not a wait for something: InfraKit's group controller comes back at its next look,
                // not at once.
                do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
            } catch {
                counts.unanswered += 1
                break
            }
        }
        return counts
    }

    private mutating func call(_ counts: inout Counts) async throws {
        let living = ledger.living
        let weights: [Call] =
            living.count * 2 < devices
            ? [.provision, .provision, .provision, .label, .destroy, .audit]
            : [.provision, .destroy, .destroy, .label, .audit, .audit]
        switch weights.randomElement(using: &numbers) ?? .audit {
        case .provision:
            try await provision()
            counts.provisioned += 1
        case .destroy:
            guard let id = victim(among: living) else { return }
            ledger.leaves(id)
            _ = try await plugin.call(
                "Instance.Destroy",
                ["Type": "", "Instance": .string(id), "Context": ["Reason": "terminate"]])
            ledger.isDestroyed(id)
            counts.destroyed += 1
        case .label:
            guard let id = living.randomElement(using: &numbers) else { return }
            try await label(id)
            counts.labelled += 1
        case .audit:
            try await auditor.look()
            // Whoever sees an instance that is still started may destroy it.
            for instance in try await auditor.descriptions() {
                guard let id = instance["ID"]?.string,
                    let token = instance["Tags"]?["token"]?.string
                else { continue }
                ledger.sees(id, of: token)
            }
        }
    }

    /// Often one whose BMC has not shown yet that it is on, which is when most is on its way.
    private mutating func victim(among living: [String]) -> String? {
        let present = ledger.present
        let starting = living.filter { present[$0]?.isStarting ?? false }
        if numbers.happens(70), let id = starting.randomElement(using: &numbers) { return id }
        // One that could not be destroyed is asked for again, as InfraKit does.
        let leaving = present.filter(\.value.isLeaving).keys.sorted()
        return (living + leaving).randomElement(using: &numbers)
    }

    private mutating func provision() async throws {
        let group = Self.groups[Int.random(in: 0..<Self.groups.count, using: &numbers)]
        var key: LogicalIDKey?
        if numbers.happens(Self.petShare),
            let logicalID = Self.logicalIDs.randomElement(using: &numbers)
        {
            let wanted = LogicalIDKey(logicalID: logicalID, group: group)
            // InfraKit asks for what it doesn't see; now and then two of its controllers do.
            if ledger.isAlive(wanted), !numbers.happens(15) { return }
            key = wanted
        }
        let token = ledger.ask(for: key)
        var properties: JSONObject = ["Grace": "100ms"]
        if numbers.happens(50) { properties["Boot"] = ["Target": "Pxe"] }
        // Servers that are spoken to over IPMI have no drive for it, which costs a try.
        if numbers.happens(mediaShare) { properties["Media"] = "https://192.0.2.1/installer.iso" }
        let spec: JSON = [
            "Properties": .object(properties),
            "Tags": ["infrakit.group": .string(group), "token": .string(token)], "Init": "",
            "LogicalID": JSON(key?.logicalID), "Attachments": nil,
        ]
        let start = ContinuousClock.now
        do {
            let answer = try await plugin.call(
                "Instance.Provision", ["Type": "", "Spec": spec], timeout: .seconds(20))
            // An answer that comes as late as this is given while the device is still started.
            ledger.told(
                answer["ID"]?.string ?? "", for: token,
                isStarting: ContinuousClock.now - start > .seconds(9))
        } catch let refusal as PluginClient.Refusal {
            // One that stops says so, and goes on when it is started again.
            guard !refusal.description.contains("at its next start") else { throw refusal }
            ledger.refused(
                token, refusal.description,
                isOfLogicalID: !refusal.description.contains("tried:")
                    && refusal.description.contains("logical ID \(key?.logicalID ?? "-")"))
            throw refusal
        }
    }

    private mutating func label(_ id: String) async throws {
        // A label of its own, for which of two clients' values is the later one nobody knows.
        let name = "label\(number)"
        let value = "\(Int.random(in: 1...1_000, using: &numbers))"
        ledger.sets(name, to: value, of: id)
        _ = try await plugin.call(
            "Instance.Label",
            ["Type": "", "Instance": .string(id), "Labels": [name: .string(value)]])
        ledger.hasSet(name, to: value, of: id)
    }
}
