import ArgumentParser
import Core

/// Devices as a person chooses them: by name, and by label.
struct DeviceSelection: ParsableArguments {
    @Argument(help: "Devices; ranges in brackets are expanded. Without any: all.")
    var devices: [String] = []

    @Option(
        help: ArgumentHelp("Only devices with this label; may be repeated.", valueName: "key=value")
    )
    var label: [String] = []

    func validate() throws {
        for text in label where !text.contains("=") {
            throw ValidationError("--label \(text): give key=value, such as rack=r1.")
        }
    }

    /// The chosen among the devices in an answer of `Rackpool.Devices`.
    /// - Throws: if one is named that the daemon does not know.
    func devices(in answer: JSON) throws -> [JSON] {
        let names = Set(try DeviceNames.expand(devices))
        try DeviceNames.check(names, in: answer)
        let all = (answer["Devices"]?.array ?? []) + (answer["Orphans"]?.array ?? [])
        return all.filter { device in
            (names.isEmpty || names.contains(device["Name"]?.string ?? ""))
                && label.allSatisfy { Self.bears($0, device) }
        }
    }

    private static func bears(_ pair: String, _ device: JSON) -> Bool {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return device["Labels"]?[String(parts[0])]?.string == parts.last.map(String.init)
    }
}
