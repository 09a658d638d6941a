import ArgumentParser
import Core
import StateFile

/// Prints a state.
struct StateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print what the files say, the journal applied.",
        discussion: "Init scripts are not shown: they often hold what lets a server join a cluster."
    )

    @OptionGroup var state: StateFileArgument

    @Flag(help: "Print JSON, in the form of the state file.")
    var json = false

    func run() throws {
        let inspection: StateInspection
        do {
            inspection = try StateInspection(path: state.path)
        } catch {
            Terminal.complain(error)
            throw ExitCode(1)
        }
        if json {
            Terminal.show(try JSON(parsing: inspection.text))
        } else {
            for line in TextTable.lines(Self.rows(of: inspection)) { Terminal.say(line) }
        }
    }

    static func rows(of state: StateInspection) -> [[String]] {
        var rows = [
            [
                "POOL", "INSTANCE", "DEVICE", "STATE", "GROUP", "LOGICAL ID", "SINCE", "MACHINE",
                "WHY",
            ]
        ]
        for (pool, isNonFunctional) in [("active", false), ("nonFunctional", true)] {
            for (claim, record) in state.instances(nonFunctional: isNonFunctional) {
                rows.append([
                    pool, claim.id, record.key.deviceName ?? "-", text(of: claim.state),
                    claim.group ?? "-", claim.spec.logicalID ?? "-",
                    claim.claimedAt?.timestamp ?? "-", text(of: record.machine),
                    claim.state.failure.map { $0.reasons.joined(separator: ", ") } ?? "",
                ])
            }
        }
        for record in state.records.sorted(by: { $0.key.text < $1.key.text }) {
            guard let name = record.key.deviceName, record.claim == nil || record.cordon != nil
            else { continue }
            let carrier = record.claim == nil ? record.lastCarrier : nil
            rows.append([
                record.cordon == nil ? "available" : "cordoned", "-", name,
                carrier == nil ? "-" : "carried last:", carrier?.key.group ?? "-",
                carrier?.key.logicalID ?? "-", record.cordon?.since.timestamp ?? "-",
                text(of: record.machine), record.cordon?.reason ?? "",
            ])
        }
        return rows
    }

    private static func text(of machine: Machine?) -> String {
        guard let machine else { return "-" }
        let name = machine.identity.displayed.map { "\($0) at " } ?? ""
        return name + machine.address.displayed
    }

    private static func text(of state: ClaimState) -> String {
        guard case .starting(let step) = state else { return state.name }
        return "\(state.name) (\(step.rawValue.lowercased()))"
    }
}
