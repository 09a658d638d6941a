import ArgumentParser
import Core

/// Keeps a device from being claimed.
struct CordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cordon", abstract: "Keep devices from being claimed; running instances stay.",
        discussion: """
            Examples:
              rackpool cordon r1u07 --reason "fan replaced on Tuesday"
              rackpool cordon 'r1u[01-20]'
            """)

    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @Option(help: "Why: shown in refusals' details and in the history.")
    var reason: String?

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let names = try DeviceNames.expand(devices)
        try await plugin.withClient { client in
            try await DeviceNames.check(names, with: client)
            for name in names {
                _ = try await client.call(
                    "Rackpool.Cordon", ["Device": .string(name), "Reason": JSON(reason)])
                print("\(name) is cordoned")
            }
        }
    }
}

/// Lets a device be claimed again.
struct UncordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uncordon", abstract: "Let cordoned devices be claimed again.")

    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let names = try DeviceNames.expand(devices)
        try await plugin.withClient { client in
            try await DeviceNames.check(names, with: client)
            for name in names {
                _ = try await client.call("Rackpool.Uncordon", ["Device": .string(name)])
                print("\(name) is not cordoned")
            }
        }
    }
}

/// Ends a freeze.
struct UnfreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unfreeze",
        abstract: "End a freeze: what fails is not the network's fault, move it.")

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.Unfreeze")
            print(
                answer["WasFrozen"]?.bool == true
                    ? "the freeze has ended; devices that keep failing are moved in the next rounds"
                    : "nothing was frozen")
        }
    }
}

/// Makes a round now.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Look at all devices now, and say what came of it.")

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let round = try await client.call("Rackpool.Sync", timeout: .seconds(300))
            let number = { (key: String) in round[key]?.integer ?? 0 }
            print(
                "\(number("Seen")) devices seen, \(number("Failed")) not reached,"
                    + " \(number("Pending")) still answering, in \(number("Milliseconds")) ms")
            for action in round["Actions"]?.array ?? [] { print(action.string ?? "") }
            if let frozen = round["Frozen"], !frozen.isNull { print(FreezeNotice.text(frozen)) }
        }
    }
}

/// Tells what happened to a device.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Tell what happened to a device: why was my server replaced on Tuesday?")

    @Argument(help: "The device.")
    var device: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.History", ["Device": .string(device)])
            let events = answer["Events"]?.array ?? []
            if json {
                print(String(decoding: JSON.array(events).encoded(.indented), as: UTF8.self))
                return
            }
            if events.isEmpty { print("nothing has happened to \(device) yet") }
            let rows = events.map { event in
                ["Date", "Kind", "Instance", "Cause"].map { event[$0]?.string ?? "-" }
            }
            for line in TextTable.lines(rows) { print(line) }
        }
    }
}

/// Devices as a person names them on the command line.
enum DeviceNames {
    /// Expands ranges in brackets.
    static func expand(_ texts: [String]) throws -> [String] {
        try texts.flatMap { text in
            do {
                return try HostList.expand(text)
            } catch {
                throw ValidationError("\(text): \(error)")
            }
        }
    }

    /// Makes sure that the daemon knows all devices, before anything is done to one of them.
    static func check(_ names: [String], with client: PluginClient) async throws {
        try check(names, in: try await client.call("Rackpool.Devices"))
    }

    /// Makes sure that all devices are in an answer of `Rackpool.Devices`.
    static func check(_ names: some Collection<String>, in answer: JSON) throws {
        let known = (answer["Devices"]?.array ?? []).compactMap { $0["Name"]?.string }.sorted()
        guard let unknown = Set(names).subtracting(known).min() else { return }
        let nearest = Spelling.nearest(to: unknown, among: known)
        throw PluginClient.Refusal(
            description: "\(DeviceError.unknown(unknown, nearest: nearest))")
    }
}

/// What a person is told about a freeze.
enum FreezeNotice {
    static func text(_ frozen: JSON) -> String {
        "FROZEN: \(frozen["Failing"]?.integer ?? 0) of \(frozen["Watched"]?.integer ?? 0) watched"
            + " devices failed in one round; no instance is moved until a good round or"
            + " `rackpool unfreeze`"
    }
}
