import ArgumentParser
import Core
import StateFile
import Foundation

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
            FileHandle.standardError.write(Data("rackpool: \(error)\n".utf8))
            throw ExitCode(1)
        }
        if json {
            FileHandle.standardOutput.write(Data(inspection.text))
        } else {
            for line in TextTable.lines(Self.rows(of: inspection)) { print(line) }
        }
    }

    private static func rows(of state: StateInspection) -> [[String]] {
        var rows = [["POOL", "INSTANCE", "DEVICE", "PHASE", "GROUP", "LOGICAL ID", "CLAIMED AT"]]
        for (pool, isNonFunctional) in [("active", false), ("nonFunctional", true)] {
            for (claim, device) in state.instances(nonFunctional: isNonFunctional) {
                rows.append([
                    pool, claim.id, device ?? "-", text(of: claim.phase), claim.group ?? "-",
                    claim.spec.logicalID ?? "-", claim.claimedAt?.timestamp ?? "-",
                ])
            }
        }
        for record in state.records.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let cordon = record.cordon, let name = record.key.deviceName else { continue }
            rows.append([
                "cordoned", "-", name, cordon.reason ?? "-", "-", "-", cordon.since.timestamp,
            ])
        }
        return rows
    }

    private static func text(of phase: Claim.Phase) -> String {
        switch phase {
        case .active: "active"
        case .releasing: "releasing"
        case .provisioning(let step): "provisioning (\(step.rawValue.lowercased()))"
        }
    }
}
