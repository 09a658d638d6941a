import Core
import InfraKit
import Logging
import Simulator

/// The Unix socket, its owner's alone, over which a running simulator is told what befalls its
/// servers: JSON-RPC, beside the plugins' sockets.
struct ControlSocket {
    /// Where it is.
    let path: String
    private let serving: Task<Void, Never>

    /// Opens the socket of a rack.
    /// - Throws: `PluginServerError`: another simulator has the name, say.
    init(
        _ rack: SimulatedRack, name: String, directory: String = PluginDirectory.path()
    ) async throws {
        let (outcomes, continuation) = AsyncStream<Result<String, any Error>>.makeStream()
        var configuration = PluginServer.Configuration()
        configuration.additionalMethods = RackControl(rack: rack).handlers
        let server = PluginServer(
            name: name, directory: directory, plugin: NoInstances(), configuration: configuration,
            logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() },
            onListening: { continuation.yield(.success($0)) })
        serving = Task {
            do { try await server.run() } catch { continuation.yield(.failure(error)) }
            continuation.finish()
        }
        var outcomesSoFar = outcomes.makeAsyncIterator()
        path = try await outcomesSoFar.next()?.get() ?? "\(directory)/\(name)"
    }

    func close() async {
        serving.cancel()
        await serving.value
    }
}

/// What answers InfraKit's clients, should one take the simulator for a plugin.
private struct NoInstances: InstancePlugin {
    private static let refusal = CommandError(
        description: "this is a simulated rack's control socket, no plugin: start one with"
            + " rackpool --inventory, on the inventory that the simulator wrote")

    var vendor: PluginVendor? { nil }
    var exampleProperties: JSON { nil }

    func validate(properties: JSON) async throws { throw Self.refusal }
    func provision(_ spec: InstanceSpec) async throws -> String { throw Self.refusal }
    func label(instance: String, labels: [String: String]) async throws { throw Self.refusal }
    func destroy(instance: String, reason: String?) async throws { throw Self.refusal }
    func describe(tags: [String: String], properties: Bool) async throws -> [UInt8] {
        Array("[]".utf8)
    }
    func metadataKeys(path: [String]) async throws -> [String] { [] }
    func metadataValue(path: [String]) async throws -> JSON { nil }
}
