public import Core

/// Who is at the other end of a connection, as far as the operating system says.
public enum Caller: Sendable, Hashable, CustomStringConvertible {
    /// A process on this machine, through the Unix socket: who it was when it connected
    /// (`SO_PEERCRED`, unix(7)).
    case process(user: String, id: Int32)
    /// Whoever has reached the TCP port: nobody has asked for a name. `showedToken` tells whether a
    /// token was asked for, and shown.
    case address(String, showedToken: Bool = false)
    /// The connection was gone before it could be asked.
    case unknown

    /// As logs and histories name it: `alice (process 4711)`, `10.0.0.5 (TCP, no login)`.
    public var description: String {
        switch self {
        case .process(let user, let id): id > 0 ? "\(user) (process \(id))" : user
        case .address(let address, let showedToken):
            "\(address) (TCP, \(showedToken ? "with the token" : "no login"))"
        case .unknown: "a caller that has hung up"
        }
    }
}

/// A JSON-RPC method that is added to InfraKit's: gets the request's params as an object, and who
/// has sent it.
public typealias AdditionalMethod = @Sendable (JSON, Caller) async throws -> JSON
