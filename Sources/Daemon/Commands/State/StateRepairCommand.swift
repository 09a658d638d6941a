import ArgumentParser
import Core
import StateFile

/// Saves what can be saved.
struct StateRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Write what is left of a damaged state to a new file, and say what is lost.",
        discussion: """
            The damaged files stay as they are. Look at the new file (rackpool state show FILE) and at \
            what is lost: a server whose claim is lost may be running, and would be taken for free. \
            Only if you can do without that, keep a copy of the old files and move the new one into \
            the place of the JSON file.

            A file that a newer release wrote is not damaged, and is refused, and so is what is no \
            state file.
            """)

    @OptionGroup var state: StateFileArgument

    @Option(
        help: ArgumentHelp(
            "The new file, which must not be there. (default: the state file's name with .repaired)",
            valueName: "file"))
    var to: String?

    func run() throws {
        let path = state.path
        let lock: FileLock
        do {
            lock = try FileLock(path: path + ".lock")
        } catch {
            throw CommandError(description: "\(error.message): stop the plugin first")
        }
        defer { lock.release() }
        let salvage = try StateSalvage(path: path)
        guard !salvage.findings.isEmpty else {
            Terminal.say("\(path): whole: there is nothing to repair")
            return
        }
        for finding in salvage.findings { Terminal.say(finding) }
        guard salvage.recordCount > 0 else {
            Terminal.say(
                "\(path): nothing can be saved of it: no new file was written; look for a backup")
            throw ExitCode(1)
        }
        let target =
            to ?? (path.hasSuffix(".json") ? String(path.dropLast(5)) : path)
            + ".repaired.json"
        try salvage.write(to: target)
        Terminal.say("\(target): \(salvage.recordCount) records are saved")
        Terminal.say(
            """
            what is named above is not in it, or is older there: a server whose claim is lost may be \
            running, and would be taken for free and sold again. Look at each, and for a backup first. \
            If you can do without what is lost, keep a copy of the old files (\(path) and the journal \
            beside it), then: mv \(target) \(path)
            """)
    }
}
