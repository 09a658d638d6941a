import ArgumentParser
import Core
import Foundation
import HTTPClient
import Logging
import Redfish
import Simulator
import SystemLimits

/// How fast many BMCs are read.
struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Read service root, systems and system of many HTTPS BMCs, cold and warm.",
        discussion: """
            The BMCs are one nginx on the loopback interface, an address each. The peers make the \
            same requests in the same run: curl, and from `make peers` DMTF's redfish and sushy \
            with a pool of threads (up to 500 BMCs).
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "How many BMCs; may be given several times.")
    var count: [Int] = [500, 5000]

    @Option(help: "How often each sweep is made.")
    var runs = 3

    @Option(help: "How many BMCs are read at one time.")
    var concurrency = 256

    @Option(help: ArgumentHelp("The Python environment with the peers.", valueName: "folder"))
    var peers = ".build-peers"

    @Option(help: ArgumentHelp("The peers' program.", valueName: "file"))
    var script = "Benchmarks/Peers/sweep.py"

    func validate() throws {
        for count in count where !(1...20_000).contains(count) {
            throw ValidationError("--count \(count): give a number from 1 to 20000.")
        }
        guard runs > 0, concurrency > 0 else {
            throw ValidationError("--runs and --concurrency: give a number from 1.")
        }
    }

    func run() async throws {
        OpenFileLimit.raise()
        try await options.inTemporaryFolder { folder, _ in
            for count in count {
                let rack = try await WebServerRack.start(
                    count: count, folder: try folder.subfolder("\(count)"))
                do {
                    try await measure(rack, folder.path)
                } catch {
                    await rack.end()
                    throw error
                }
                await rack.end()
            }
        }
    }

    private func measure(_ rack: WebServerRack, _ folder: String) async throws {
        let count = rack.urls.count
        let peers = SweepPeers(rack: rack, folder: folder, concurrency: concurrency)
        let own = Sweep(rack: rack, concurrency: concurrency)
        var times: [String: [SweepTime]] = [:]
        var names: [String] = []
        func note(_ name: String, _ time: SweepTime) {
            if times[name] == nil { names.append(name) }
            times[name, default: []].append(time)
        }
        // In turn, so that what else the machine does falls on all.
        for _ in 0..<runs {
            note("curl --parallel", try await peers.curl())
            try await own.run { note($0, $1) }
            guard count <= 500 else { continue }
            let python = self.peers + "/bin/python"
            guard FileManager.default.isExecutableFile(atPath: python) else { continue }
            for library in ["redfish", "sushy"] {
                note("python \(library)", try await peers.python(library, python, script: script))
            }
        }
        let reference = SweepTime.median(times["curl --parallel"] ?? []).wall.inSeconds
        var table = Table([
            "\(count.text) BMCs", "GETs", "wall s", "client CPU s", "of curl's wall",
        ])
        for name in names {
            let time = SweepTime.median(times[name] ?? [])
            let gets = name.contains("one GET") ? 1 : WebServerRack.paths.count
            table.add([
                name, (gets * count).text, time.wall.inSeconds.text(3),
                time.processor.inSeconds.text(3), (time.wall.inSeconds / reference).text(2),
            ])
        }
        table.print()
        print("")
    }
}

/// Rackpool's own client, in this process.
private struct Sweep {
    let rack: WebServerRack
    let concurrency: Int

    /// One cold sweep and the warm ones after it, over the same connections.
    func run(_ note: (String, SweepTime) -> Void) async throws {
        let devices = rack.devices
        let http = HTTPClient(
            configuration: .init(
                connectionCacheSize: devices.count + 100, sessionCacheSize: devices.count + 100))
        defer { http.shutdown() }
        let provider = RedfishProvider(
            http: http, logger: Logger(label: "sweep") { _ in SwiftLogNoOpLogHandler() })
        note("rackpool, cold", try await time(devices, provider))
        note("rackpool, warm, one GET", try await time(devices, provider))
        for device in devices { await provider.forget(device) }
        note("rackpool, warm", try await time(devices, provider))
    }

    private func time(
        _ devices: [Device], _ provider: RedfishProvider
    ) async throws -> SweepTime {
        let cpu = ProcessorTime.own
        let outcome = try await Load.run(count: devices.count, callers: concurrency) { index in
            guard try await provider.observe(devices[index]).power == .on else {
                throw BenchmarkError("\(devices[index].bmc): misread")
            }
        }
        return SweepTime(wall: outcome.elapsed, processor: ProcessorTime.own - cpu)
    }
}
