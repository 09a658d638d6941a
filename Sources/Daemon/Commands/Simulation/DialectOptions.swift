import ArgumentParser
import Simulator

/// How simulated BMCs differ from the standard.
struct DialectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Have the BMCs behave as some do in the racks, given any number of times.",
            valueName: "name"))
    var dialect: [Dialect] = []
}
