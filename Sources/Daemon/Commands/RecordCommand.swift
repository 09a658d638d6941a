import ArgumentParser
import Core
import Foundation
import HTTPClient
import Logging
import Redfish

/// Records a BMC's service as a fixture.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a BMC's Redfish service as a folder that the simulator serves.",
        discussion: """
            Reads the service link by link, one request at a time, and changes nothing: it sends \
            only GET, and what it takes to log in and out. Passwords, tokens, keys, community \
            strings and license keys never reach the recording. With --anonymise, serial numbers, \
            UUIDs, MAC and IP addresses, host and user names, asset tags and the like are replaced \
            by stand-ins, the same one everywhere.

            An interrupted recording goes on where it stopped when the same command is given \
            again; what it has so far is in NAME.partial beside the folder.

            Examples:
              rackpool record https://10.0.1.7 --username admin --password-file bmc.password \\
                --out fixtures/r1u07 --anonymise
              rackpool replay fixtures/r1u07
              rackpool simulate --fixture fixtures/r1u07 --out /tmp/rack
            """)

    @OptionGroup var bmc: BMCArguments

    @Option(
        help: ArgumentHelp("The folder to write; it must not be there yet.", valueName: "folder"))
    var out: String

    @Flag(help: "Replace what identifies the machine, its network and its owner.")
    var anonymise = false

    @Flag(help: "Read schemas, registries and all log entries too.")
    var all = false

    @Option(help: "How many requests at one time; each beyond the first takes a session more.")
    var concurrency = 1

    @Option(help: "How long to wait between two requests.")
    var pause = DurationArgument(.zero)

    @Option(help: "How long the BMC may take for an answer.")
    var timeout = DurationArgument(.seconds(60))

    @Option(help: "How many resources to read at the most.")
    var maxResources = CrawlLimits().resources

    @Option(help: "How many bytes to keep at the most.")
    var maxBytes = CrawlLimits().bytes

    @Option(help: "How many links away from the service root to go at the most.")
    var maxDepth = CrawlLimits().depth

    @Option(help: "How many entries of each log to read.")
    var logEntries = 20

    func validate() throws {
        guard (1...32).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): give a number from 1 to 32.")
        }
        for (name, value) in [
            ("--max-resources", maxResources), ("--max-bytes", maxBytes), ("--max-depth", maxDepth),
        ] where value < 1 {
            throw ValidationError("\(name) \(value): give a number above 0.")
        }
        guard logEntries >= 0 else {
            throw ValidationError("--log-entries \(logEntries): give 0 or more.")
        }
    }

    func run() async throws {
        let device = try bmc.device()
        guard !RecordingFolder.isTaken(out) else {
            throw ValidationError("--out \(out): is there already; remove it or name another.")
        }
        let journal = try RecordingJournal(for: out, source: device.bmc)
        let report = RecordReport(resumed: journal.earlier.count)
        var recording = try await record(device, journal, report)
        if anonymise { recording = recording.anonymised() }
        try RecordingFolder.write(recording, to: out)
        journal.remove()
        report.finish(recording, folder: out)
    }

    private func record(
        _ device: Device, _ journal: RecordingJournal, _ report: RecordReport
    ) async throws -> Recording {
        let http = HTTPClient()
        defer { http.shutdown() }
        var recorder = ServiceRecorder(
            device: device, http: http,
            logger: Logger(label: "record") { _ in SwiftLogNoOpLogHandler() },
            timeouts: RedfishTimeouts(request: timeout.duration))
        recorder.limits = CrawlLimits(
            resources: maxResources, bytes: maxBytes, depth: maxDepth,
            logEntries: all ? nil : logEntries, includesSchemas: all)
        recorder.pause = pause.duration
        recorder.concurrency = concurrency
        let crawl = Task { [recorder] in
            try await recorder.record(resuming: journal.earlier) { resource, progress in
                try journal.append(resource)
                report.show(progress)
            }
        }
        let interruption = Task {
            await Interruption.wait()
            crawl.cancel()
        }
        defer { interruption.cancel() }
        do {
            return try await crawl.value
        } catch {
            let command = "give the same command again to go on; so far it is in \(journal.path)"
            throw RecordFailure(description: "\(device.bmc): \(error)\n\(command)")
        }
    }
}

/// Why a recording stopped, and how it goes on.
private struct RecordFailure: Error, CustomStringConvertible {
    let description: String
}
