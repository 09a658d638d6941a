import ArgumentParser

/// Says which state is meant.
struct StateFileArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The state file. (default: state/NAME.json in $INFRAKIT_HOME or ~/.infrakit)",
            valueName: "file"))
    var file: String?

    @Option(help: "The plugin's name, where no file is given.")
    var name = "rackpool"

    var path: String { file ?? ServeCommand.standardState(name) }
}
