import Core
import Locking
import Randomness
import Simulator

/// The inventory as its operator writes it: machines under names, some of them left out or with a
/// password that is wrong.
///
/// Whatever comes of it, no claim is torn from its machine: a name is never given to another machine
/// but in a swap, and after a swap nothing leaves before a daemon has read it.
final class Roster: Sendable {
    private struct Entry {
        var name: String
        let machine: Int
        let device: Device
        var isListed = true
        var hasWrongPassword = false
        var wasSwapped = false
        /// The address of its BMC in another spelling; nil where there is none.
        let otherBMC: String?
        /// The name under which it is listed once more, at that address.
        var otherName: String?
    }

    private struct State {
        var entries: [Entry]
        var names = 0
    }

    /// What an operator does to an inventory.
    enum Change: CaseIterable {
        case rename, swap, leave, comeBack, spoilPasswords, mendPasswords
    }

    private let state: Mutex<State>
    private let credentials: Credentials

    /// How many machines may be left out at one time, and how many passwords may be wrong.
    private static let mostAway = 3
    private static let mostSpoilt = 8

    init(_ rack: SimulatedRack, credentials: Credentials) {
        self.credentials = credentials
        let entries = zip(rack.bmcs, rack.devices()).map { bmc, device in
            Entry(
                name: device.name, machine: bmc.index, device: device,
                otherBMC: device.provider == "redfish" ? bmc.otherURL : nil)
        }
        state = Mutex(State(entries: entries))
    }

    /// Changes the inventory in one way, if that is possible.
    func make(_ change: Change, _ numbers: inout SeededNumbers) {
        state.withLock { state in
            let listed = state.entries.indices.filter { state.entries[$0].isListed }
            let away = state.entries.indices.filter { !state.entries[$0].isListed }
            switch change {
            case .rename:
                guard let index = listed.randomElement(using: &numbers) else { return }
                Self.rename(index, &state)
            case .swap:
                let pair = listed.shuffled(using: &numbers).prefix(2)
                guard let first = pair.first, let second = pair.last, first != second else {
                    return
                }
                let name = state.entries[first].name
                state.entries[first].name = state.entries[second].name
                state.entries[second].name = name
                for index in pair { state.entries[index].wasSwapped = true }
            case .leave:
                let known = listed.filter { !state.entries[$0].wasSwapped }
                guard away.count < Self.mostAway, let index = known.randomElement(using: &numbers)
                else { return }
                state.entries[index].isListed = false
            case .comeBack:
                for index in away {
                    state.entries[index].isListed = true
                    if Bool.random(using: &numbers) { Self.rename(index, &state) }
                }
            case .spoilPasswords:
                let count = Int.random(in: 1...Self.mostSpoilt, using: &numbers)
                for index in listed.shuffled(using: &numbers).prefix(count) {
                    state.entries[index].hasWrongPassword = true
                }
            case .mendPasswords:
                for index in state.entries.indices {
                    state.entries[index].hasWrongPassword = false
                }
            }
        }
    }

    /// Lists a server once more, under another name and another spelling of its address.
    func listTwice(_ numbers: inout SeededNumbers) -> Bool {
        state.withLock { state in
            let suitable = state.entries.indices.filter {
                state.entries[$0].isListed && state.entries[$0].otherBMC != nil
            }
            guard let index = suitable.randomElement(using: &numbers) else { return false }
            state.names += 1
            state.entries[index].otherName = "n\(state.names)"
            return true
        }
    }

    func listOnce() {
        state.withLock { state in
            for index in state.entries.indices { state.entries[index].otherName = nil }
        }
    }

    /// A daemon has read the inventory as it is.
    func noteReading() {
        state.withLock { state in
            for index in state.entries.indices { state.entries[index].wasSwapped = false }
        }
    }

    /// Lists every machine, with its own password.
    func restore() {
        state.withLock { state in
            for index in state.entries.indices {
                state.entries[index].isListed = true
                state.entries[index].hasWrongPassword = false
                state.entries[index].otherName = nil
            }
        }
    }

    private static func rename(_ index: Int, _ state: inout State) {
        state.names += 1
        state.entries[index].name = "n\(state.names)"
    }

    /// The inventory file.
    var yaml: String {
        let account = JSON.string(credentials.username)
        var text = "defaults: {username: \(account)}\ndevices:\n"
        for entry in state.withLock({ $0.entries }) where entry.isListed {
            let password = entry.hasWrongPassword ? "a typo" : credentials.password.reveal()
            let labels = entry.device.labels.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            var places = [(entry.name, entry.device.bmc)]
            if let name = entry.otherName, let bmc = entry.otherBMC { places.append((name, bmc)) }
            for (name, bmc) in places {
                text +=
                    "  - {name: \(name), provider: \(entry.device.provider),"
                    + " bmc: \(JSON.string(bmc)), password: \(JSON.string(password)),"
                    + " labels: {\(labels)}}\n"
            }
        }
        return text
    }
}
