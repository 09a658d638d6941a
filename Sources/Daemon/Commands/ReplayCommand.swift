import ArgumentParser
import Core
import Foundation
import Simulator
import SystemLimits

/// Checks recordings.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Check that the machines of recordings can be steered.",
        discussion: """
            Serves every recording by a simulated BMC in this process and takes each of its systems \
            through what the plugin does: inspect it, poll it, look deep, power off by force and \
            in order, power on, power cycle, set a boot override, put a medium in and out. Prints \
            a line a system; what a recording does not show is "not offered", which is no failure. \
            Ends with 1 if anything failed, or a recording holds no system.

            Dialects, of which several may be given:
            \(Dialect.list)

            Examples:
              rackpool replay fixtures
              rackpool replay fixtures/r1u07 --dialect strict-etag --json
              rackpool replay racks --expect-systems 12 --junit replay.xml    for CI
            """)

    @Argument(help: "A recording, or a folder of recordings; several may be given.")
    var folders: [String]

    @Option(
        help: ArgumentHelp(
            "Have the BMCs behave as some do in the racks, given any number of times.",
            valueName: "name"))
    var dialect: [Dialect] = []

    @Option(help: "How many recordings at one time.")
    var concurrency = 4

    @Option(help: "How long one recording may take.")
    var timeout = DurationArgument(.seconds(300))

    @Option(help: "How many systems the recordings hold; another number is a failure.")
    var expectSystems: Int?

    @Option(
        help: ArgumentHelp(
            "Write the outcome for a CI system too, as JUnit does.", valueName: "file"))
    var junit: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...64).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): give a number from 1 to 64.")
        }
        if let expectSystems, expectSystems < 0 {
            throw ValidationError("--expect-systems \(expectSystems): give 0 or more.")
        }
    }

    func run() async throws {
        OpenFileLimit.raise()
        var replay = Replay()
        replay.dialects = Set(dialect)
        replay.concurrency = concurrency
        replay.limit = timeout.duration
        let found = try folders.map { try Replay.find(at: $0) }
        var table = ReplayTable(
            folders: await replay.run(found.flatMap(\.recordings)),
            others: found.flatMap(\.others))
        table.expectedSystems = expectSystems
        if json {
            print(String(decoding: table.json.encoded(.indented), as: UTF8.self))
        } else {
            for line in table.lines { print(line) }
        }
        if let junit {
            try Data(table.junit.utf8).write(to: URL(fileURLWithPath: junit), options: .atomic)
        }
        if table.hasFailed { throw ExitCode(1) }
    }
}
