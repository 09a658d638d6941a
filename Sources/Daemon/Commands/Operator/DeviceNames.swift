import ArgumentParser
import InfraKit
import Core

/// Devices as a person names them on the command line.
enum DeviceNames {
    /// Expands ranges in brackets.
    static func expand(_ texts: [String]) throws -> [String] {
        try texts.flatMap { text in
            do {
                return try HostList.expand(text)
            } catch {
                throw ValidationError("\(text): \(error)".printable)
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
