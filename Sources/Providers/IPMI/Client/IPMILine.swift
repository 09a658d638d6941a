internal import IPMIWire
internal import NIOCore

/// The way to one BMC as one user. Two that lead to the same BMC share its session and its turn.
struct IPMILine: IPMIConnection {
    let network: IPMINetwork
    let endpoint: IPMIEndpoint
    let access: SessionAccess

    var session: UInt32? { get async { await network.session(at: endpoint) } }

    func perform<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Command.Response {
        let response = try await network.exchange(
            CommandMessage(command), with: endpoint, as: access
        ).get()
        guard response.code == .ok else {
            throw .refused(command: Command.name, response.code)
        }
        var data = ByteBuffer(bytes: response.data)
        do throws(IPMIWireError) {
            return try Command.Response.read(from: &data)
        } catch {
            throw .malformed(command: Command.name, error)
        }
    }
}
