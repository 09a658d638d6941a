public import TestServer

/// A BMC that means harm: a Redfish service with one system, which plays a trick on whoever reads it.
public final class HostileBMC: Sendable {
    public let server: TestServer

    /// - Parameter trick: what it does.
    public init(_ trick: Trick) throws {
        server = try TestServer { request in
            // The trick is made up once it is asked for, so that idle ones cost nothing.
            switch request.path.hasSuffix("/") ? String(request.path.dropLast()) : request.path {
            case "/redfish/v1" where trick.place == .root: trick.reply()
            case "/redfish/v1":
                .answer(200, #"{"Systems":{"@odata.id":"/redfish/v1/Systems"}}"#)
            case "/redfish/v1/Systems" where trick.place == .systems: trick.reply()
            case "/redfish/v1/Systems":
                .answer(200, #"{"Members":[{"@odata.id":"/redfish/v1/Systems/1"}]}"#)
            case "/redfish/v1/Systems/1": trick.reply()
            default: .answer(404, "{}")
            }
        }
    }

    /// As an inventory has it.
    public var url: String { server.url }
}
