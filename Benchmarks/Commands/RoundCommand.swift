import ArgumentParser
import Core
import StateFile
import Foundation
import HTTPClient
import Logging
import Redfish
import Simulator
import SystemLimits

/// What the synchroniser's rounds cost.
struct RoundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "round",
        abstract: "Time the synchroniser's rounds over many HTTPS BMCs, and what they hold.",
        discussion: """
            The BMCs are one nginx, as for sweep; pool and synchroniser are in this process, with \
            the daemon's own settings for connections: up to 1,200 BMCs keep theirs between rounds.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "How many BMCs; may be given several times.")
    var count: [Int] = [1000, 10_000]

    @Option(help: "How many warm rounds are made.")
    var rounds = 5

    func run() async throws {
        OpenFileLimit.raise()
        try await options.inTemporaryFolder { folder, _ in
            var table = Table([
                "BMCs", "round", "wall s", "CPU s", "VmRSS MB", "heap and stacks MB", "descriptors",
            ])
            for count in count {
                let rack = try await WebServerRack.start(
                    count: count, folder: try folder.subfolder("\(count)"))
                do {
                    try await measure(rack, folder.path + "/\(count).json", into: &table)
                } catch {
                    await rack.end()
                    throw error
                }
                await rack.end()
            }
            table.print()
        }
    }

    private func measure(
        _ rack: WebServerRack, _ statePath: String, into table: inout Table
    ) async throws {
        let count = rack.urls.count
        let kept = count <= 1200 ? 1200 : 256
        let http = HTTPClient(
            configuration: .init(connectionCacheSize: kept, sessionCacheSize: kept))
        defer { http.shutdown() }
        let silent = Logger(label: "round") { _ in SwiftLogNoOpLogHandler() }
        let store = try FileStore(path: statePath)
        let pool = try await Pool(inventory: rack.devices, store: store)
        let manager = PoolManager(
            pool: pool, providers: ["redfish": RedfishProvider(http: http, logger: silent)],
            logger: silent)
        let synchroniser = Synchroniser(manager: manager, logger: silent)
        for number in 0...rounds {
            let cpu = ProcessorTime.own
            let round = await synchroniser.round()
            guard round.seen == count else {
                throw BenchmarkError("only \(round.seen) of \(count) BMCs were seen")
            }
            let memory = try ProcessMemory(of: ProcessInfo.processInfo.processIdentifier)
            table.add([
                count.text, number == 0 ? "cold, with facts" : "warm \(number)",
                round.duration.inSeconds.text(3), (ProcessorTime.own - cpu).inSeconds.text(3),
                Self.megabytes(memory.resident), Self.megabytes(memory.anonymous),
                "\(memory.descriptors)",
            ])
        }
        await manager.shutdown(within: .zero)
        await store.close()
    }

    private static func megabytes(_ kibibytes: Int) -> String {
        (Double(kibibytes) * 1024 / 1_000_000).text(1)
    }
}
