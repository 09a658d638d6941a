import ArgumentParser

/// Groups what looks after the state's files.
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Look at the state's files: the JSON file and the journal beside it.",
        discussion: """
            Examples:
              rackpool state check              is everything whole?
              rackpool state show --json        what the files say, the journal applied
              rackpool state repair             what can be saved, as a new file

            None of them changes the files, and all but repair may be used while the plugin runs.
            """,
        subcommands: [StateCheckCommand.self, StateShowCommand.self, StateRepairCommand.self])
}
