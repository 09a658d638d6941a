import ArgumentParser
import InfraKit
import Core
import StateFile
import Foundation
import HTTPClient

/// What a describe costs, and that the cost per instance stays flat.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Measure DescribeInstances with properties over the socket.",
        discussion: """
            A plugin starts from a state file with 5,000 active instances in four groups (and 125 \
            in a fifth) whose BMCs don't exist, and is asked over one connection that is kept \
            open. The peer is a server that does nothing but write the same bytes to the same kind \
            of socket, asked by the same client, call by call in turn.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "How often each describe is called.")
    var calls = 200

    private static let instances = 5000
    private static let smallGroup = "small"
    private static let smallGroupCount = 125

    /// InfraKit's own plugins with 5,000 instances of which one of four groups is described, as
    /// published with the task; there is no Go toolchain here to measure them again.
    private static let published = "InfraKit's simulator plugin ~130 ms, its file plugin ~125 ms"

    func validate() throws {
        guard calls > 0 else { throw ValidationError("--calls \(calls): give a number from 1.") }
    }

    func run() async throws {
        try await options.inTemporaryFolder { folder, executable in
            let home = try folder.subfolder("home")
            try await writeState(Plugin.statePath(home: home))
            let inventory = folder.path + "/inventory.yaml"
            try Self.inventory().write(toFile: inventory, atomically: true, encoding: .utf8)
            let plugin = try await Plugin.start(executable, home: home, inventory: inventory)
            do {
                try await measure(plugin, folder)
            } catch {
                await plugin.end()
                throw error
            }
            await plugin.end()
        }
    }

    private func measure(_ plugin: Plugin, _ folder: TemporaryFolder) async throws {
        var table = Table([
            "described", "instances", "KB", "p50 ms", "p95 ms", "p99 ms", "max ms",
            "µs an instance", "bare p50 ms", "ratio",
        ])
        let cases: [(name: String, tags: JSON)] = [
            ("nothing", ["infrakit.group": "none"]),
            ("a small group", ["infrakit.group": .string(Self.smallGroup)]),
            ("one group of four", ["infrakit.group": .string(SampleSpec.groups[1])]),
            ("all", [:]),
        ]
        for (number, item) in cases.enumerated() {
            let params: JSON = ["Type": "", "Tags": item.tags, "Properties": true]
            let method = "Instance.DescribeInstances"
            let client = plugin.client
            let answer = try await client.answer(to: method, params)
            let described = try JSON(parsing: answer)["result"]?["Descriptions"]?.array
            let count = described?.count ?? 0
            let bare = folder.path + "/bare\(number)"
            let peer = try CannedServer(socketPath: bare, body: answer)
            defer { peer.stop() }
            let http = HTTPClient()
            defer { http.shutdown() }
            let bareClient = PluginClient(socketPath: bare, http: http)
            var (own, others): ([Duration], [Duration]) = ([], [])
            // In turn, so that both see the same weather.
            for _ in 0..<calls {
                own.append(
                    try await ContinuousClock().measure {
                        _ = try await client.answer(to: method, params)
                    })
                others.append(
                    try await ContinuousClock().measure {
                        _ = try await bareClient.answer(to: method, params)
                    })
            }
            let (samples, floor) = (Samples(own), Samples(others).median.inMilliseconds)
            let median = samples.median.inMilliseconds
            table.add([
                item.name, count.text, (answer.count / 1000).text, median.text(2),
                samples.percentile(0.95).inMilliseconds.text(2),
                samples.percentile(0.99).inMilliseconds.text(2),
                samples.maximum.inMilliseconds.text(2),
                count == 0 ? "" : (median * 1000 / Double(count)).text(2), floor.text(2),
                (median / floor).text(1),
            ])
        }
        print("\(calls) calls each, in turn with the bare server:")
        table.print()
        print("published for one group of four, not measured here: \(Self.published)")
    }

    private func writeState(_ path: String) async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        let groups = SampleSpec.groups
        try await store.fill(count: Self.instances, prefix: "n", hasMachines: false) {
            groups[$0 % groups.count]
        }
        try await store.fill(
            count: Self.smallGroupCount, prefix: "s", from: UInt64(Self.instances) + 1,
            hasMachines: false
        ) { _ in Self.smallGroup }
        await store.close()
    }

    private static func inventory() -> String {
        var text = "defaults: {provider: redfish}\ndevices:\n"
        let names =
            (0..<instances).map { "n\($0)" } + (0..<smallGroupCount).map { "s\($0)" }
        for (number, name) in names.enumerated() {
            text +=
                "  - {name: \(name), bmc: \"https://127.23.\(number / 250).\(number % 250 + 1):1\","
            text += " labels: {rack: r\(number / 40), kind: compute}}\n"
        }
        return text
    }
}
