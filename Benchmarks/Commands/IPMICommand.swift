import ArgumentParser
import Core
import Foundation
import IPMI

/// How fast the power status of many BMCs is asked for over IPMI.
struct IPMICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ipmi",
        abstract: "Ask many BMCs for their power status over IPMI, sessions opened anew and kept.",
        discussion: """
            The BMCs are a simulated rack in a process of its own, a loopback address each. The \
            peers, from `make peers`, ask the same BMCs in the same run: FreeIPMI's ipmipower, one \
            process for all, and ipmitool, a process for each BMC. All open a session with the same \
            cipher suite, ask once and close it.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "How many BMCs.")
    var count = 1000

    @Option(help: "How often each is measured.")
    var runs = 3

    @Option(help: "The cipher suite; may be given several times.")
    var suite: [Int] = [3, 17]

    @Option(help: "How many ipmitool run at one time.")
    var parallel = 32

    @Option(help: "How many sessions are held to see what memory they take; 0 leaves that out.")
    var sessions = 10_000

    func validate() throws {
        for (name, count) in [("count", count), ("sessions", sessions)]
        where !(0...20_000).contains(count) {
            throw ValidationError("--\(name) \(count): give a number up to 20000.")
        }
        guard count > 0, runs > 0, parallel > 0 else {
            throw ValidationError("--count, --runs and --parallel: give a number from 1.")
        }
        for suite in suite where ![3, 17].contains(suite) {
            throw ValidationError("--suite \(suite): give 3 or 17.")
        }
    }

    func run() async throws {
        try await options.inTemporaryFolder { folder, executable in
            for suite in suite {
                try await withRack(executable, count, try folder.subfolder("\(suite)"), suite) {
                    try await compare($0, suite, folder.path)
                }
            }
            guard sessions > 0 else { return }
            try await withRack(executable, sessions, try folder.subfolder("memory"), 17) {
                try await measureMemory($0)
            }
        }
    }

    private func withRack(
        _ executable: String, _ count: Int, _ folder: String, _ suite: Int,
        _ body: ([Device]) async throws -> Void
    ) async throws {
        let rack = try await SimulatorProcess.startIPMI(executable, count: count, folder: folder)
        do {
            let devices = try Inventory(contentsOfFile: rack.inventory, providers: ["ipmi"]).devices
                .map { device in
                    Device(
                        name: device.name, provider: "ipmi", bmc: device.bmc,
                        credentials: device.credentials,
                        ipmi: IPMIOptions(cipherSuites: [suite], privilege: .operator))
                }
            try await body(devices)
        } catch {
            await rack.end()
            throw error
        }
        await rack.end()
    }

    // MARK: Time

    private func compare(_ devices: [Device], _ suite: Int, _ folder: String) async throws {
        let peers = IPMIConsolePeers(devices: devices, folder: folder, suite: suite)
        let names = [
            "ipmipower --stat", "rackpool, sessions opened anew", "rackpool, sessions warm",
            "ipmitool, \(parallel) at a time",
        ]
        var times: [[SweepTime]] = Array(repeating: [], count: names.count)
        // In turn, so that what else the machine does falls on all.
        for _ in 0..<runs {
            times[0].append(try await peers.ipmipower())
            let survey = PowerSurvey()
            let opened = try await Self.time { try await Self.ask(devices, survey) }
            times[2].append(try await Self.time { try await Self.ask(devices, survey) })
            // The others' time has the closing in it.
            let closed = await Self.time { await survey.shutdown() }
            times[1].append(
                SweepTime(
                    wall: opened.wall + closed.wall,
                    processor: opened.processor + closed.processor))
            times[3].append(try await peers.ipmitool(parallel: parallel))
        }
        let medians = times.map(SweepTime.median)
        var table = Table([
            "\(devices.count.text) BMCs, cipher suite \(suite)", "wall s", "client CPU s",
            "of ipmipower's wall", "of its CPU",
        ])
        for (name, time) in zip(names, medians) {
            table.add([
                name, time.wall.inSeconds.text(3), time.processor.inSeconds.text(3),
                (time.wall / medians[0].wall).text(2),
                (time.processor / medians[0].processor).text(2),
            ])
        }
        table.print()
        print("")
    }

    private static func ask(_ devices: [Device], _ survey: PowerSurvey) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for device in devices {
                group.addTask {
                    guard try await survey.isOn(device) else { return }
                    throw BenchmarkError("\(device.name) is on")
                }
            }
            try await group.waitForAll()
        }
    }

    private static func time<Failure: Error>(
        _ body: () async throws(Failure) -> Void
    ) async throws(Failure) -> SweepTime {
        let (start, processor) = (ContinuousClock.now, ProcessorTime.own)
        try await body()
        return SweepTime(wall: .now - start, processor: ProcessorTime.own - processor)
    }

    // MARK: Memory

    private func measureMemory(_ devices: [Device]) async throws {
        var table = Table(["rackpool", "VmRSS MB", "heap and stacks MB", "KB a session"])
        let survey = PowerSurvey()
        let before = try Self.memory()
        func note(_ name: String, _ memory: ProcessMemory) {
            let growth = Double(memory.anonymous - before.anonymous)
            table.add([
                name, Self.megabytes(memory.resident), Self.megabytes(memory.anonymous),
                (growth / Double(devices.count)).text(1),
            ])
        }
        note("no session", before)
        // As the synchroniser goes round.
        for start in stride(from: 0, to: devices.count, by: 256) {
            let end = min(start + 256, devices.count)
            try await Self.ask(Array(devices[start..<end]), survey)
        }
        let open = await survey.sessionCount
        guard open == devices.count else {
            throw BenchmarkError("only \(open) of \(devices.count) sessions are open")
        }
        note("\(open.text) open sessions", try Self.memory())
        await survey.shutdown()
        note("all closed", try Self.memory())
        table.print()
    }

    private static func memory() throws -> ProcessMemory {
        try ProcessMemory(of: ProcessInfo.processInfo.processIdentifier)
    }

    private static func megabytes(_ kibibytes: Int) -> String {
        (Double(kibibytes) * 1024 / 1_000_000).text(1)
    }
}
