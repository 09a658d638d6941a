import ArgumentParser
import Core
import StateFile

/// Tells whether a state's files are whole.
struct StateCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Verify the JSON file and the journal; ends with 1 if anything is damaged.")

    @OptionGroup var state: StateFileArgument

    func run() throws {
        let path = state.path
        let inspection: StateInspection
        do {
            inspection = try StateInspection(path: path)
        } catch {
            Terminal.say("\(error)")
            for finding in Self.findings(path) where finding != "\(error)" {
                Terminal.say(finding)
            }
            throw ExitCode(1)
        }
        if let unfinished = inspection.unfinished {
            Terminal.say(
                "\(unfinished) are a write that is under way, or that was cut short: nobody was told"
                    + " that it was done, and the next start leaves it out")
        }
        let (active, failed) = (
            inspection.instances(nonFunctional: false), inspection.instances(nonFunctional: true)
        )
        Terminal.say(
            "\(path): whole: \(active.count) instances, \(failed.count) non-functional;"
                + " \(inspection.change) changes, \(inspection.journalChanges) of them in the journal"
        )
        if inspection.format < StateInspection.currentFormat {
            Terminal.say(
                "\(path): is of format \(inspection.format): the next start upgrades it to"
                    + " \(StateInspection.currentFormat), and keeps the files as they are")
        }
        for copy in inspection.keptCopies {
            Terminal.say("\(copy): holds the files as they were before an upgrade")
        }
    }

    /// What else there is to say of a state that is not whole; nothing of what is no state of ours.
    private static func findings(_ path: String) -> [String] {
        do {
            return try StateSalvage(path: path).findings
        } catch {
            return ["\(error)"]
        }
    }
}
