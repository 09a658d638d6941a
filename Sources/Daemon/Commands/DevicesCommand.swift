import ArgumentParser
import Core

/// Lists the devices.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "List the devices and what is known of each.",
        discussion: """
            Examples:
              rackpool devices                           all of them
              rackpool devices 'r1u[01-20]'              some of them
              rackpool devices --pool nonFunctional      what is broken, and why
              rackpool devices --group workers --label rack=r1 --json
            """)

    @Argument(help: "Devices; ranges in brackets are expanded. Without any: all.")
    var devices: [String] = []

    @Option(help: "Only devices in this array: available, active or nonFunctional.")
    var pool: DeviceStatus.Array?

    @Option(help: "Only devices of this health: ok, warning, critical or unreachable.")
    var health: Health?

    @Option(help: "Only devices of instances of this group.")
    var group: String?

    @Option(
        help: ArgumentHelp("Only devices with this label; may be repeated.", valueName: "key=value")
    )
    var label: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var plugin: PluginLocator

    func validate() throws {
        for text in label where !text.contains("=") {
            throw ValidationError("--label \(text): give key=value, such as rack=r1.")
        }
    }

    func run() async throws {
        let names = Set(try DeviceNames.expand(devices))
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.Devices")
            let all = answer["Devices"]?.array ?? []
            try DeviceNames.check(names, in: answer)
            let chosen = all.filter { isChosen($0, names) }
            if json {
                print(String(decoding: JSON.array(chosen).encoded(.indented), as: UTF8.self))
                return
            }
            if let frozen = answer["Frozen"], !frozen.isNull { print(FreezeNotice.text(frozen)) }
            for line in TextTable.lines([Self.titles] + chosen.map(Self.row)) { print(line) }
        }
    }

    private func isChosen(_ device: JSON, _ names: Set<String>) -> Bool {
        let text = { (key: String) in device[key]?.string }
        if !names.isEmpty, !names.contains(text("Name") ?? "") { return false }
        if let pool, text("Pool") != pool.rawValue { return false }
        if let health, text("Health") != health.rawValue { return false }
        if let group, text("Group") != group { return false }
        return label.allSatisfy { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return device["Labels"]?[String(parts[0])]?.string == parts.last.map(String.init)
        }
    }

    private static let titles = [
        "DEVICE", "LABELS", "POOL", "PHASE", "POWER", "HEALTH", "INSTANCE", "GROUP", "LAST SEEN",
        "REASON",
    ]

    private static func row(_ device: JSON) -> [String] {
        let text = { (key: String) in device[key]?.string ?? "-" }
        let labels = (device["Labels"]?.object ?? [:])
            .map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        var pool = text("Pool")
        if device["Cordoned"]?.bool == true { pool += ",cordoned" }
        if device["Foreign"]?.bool == true { pool += ",foreign" }
        return [
            text("Name"), labels.isEmpty ? "-" : labels, pool, text("Phase"), text("Power"),
            text("Health"), text("Instance"), text("Group"), text("LastSeen"),
            device["Reasons"]?[0]?.string ?? "-",
        ]
    }
}
