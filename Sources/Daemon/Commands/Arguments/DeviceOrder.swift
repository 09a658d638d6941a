import ArgumentParser
import Core
import InfraKit

/// Devices of which the running plugin is told one thing each.
struct DeviceOrder: ParsableArguments {
    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @OptionGroup var plugin: PluginLocator

    /// Calls a method for each, if the plugin knows them all, and says what came of it.
    /// - Parameter text: what is said of a device, by the answer.
    func call(
        _ method: String, because reason: String? = nil,
        saying text: (_ name: String, _ answer: JSON) -> String
    ) async throws {
        let names = try DeviceNames.expand(devices)
        try await plugin.withClient { client in
            try await DeviceNames.check(names, with: client)
            for name in names {
                let answer = try await client.call(
                    method, ["Device": .string(name), "Reason": JSON(reason)])
                Terminal.say(text(name, answer))
            }
        }
    }
}
