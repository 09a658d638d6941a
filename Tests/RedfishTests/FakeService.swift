import Core
import Foundation
import Locking
import TestServer

/// A Redfish service of given resources, which carries out resets and boot overrides.
final class FakeService: Sendable {
    let server: TestServer
    private let store: Store

    /// - Parameters:
    ///   - resources: the resources by path, without a slash at the end.
    ///   - intercept: may answer a request before the service does.
    init(
        _ resources: [String: JSON],
        intercept: @escaping @Sendable (TestRequest, FakeService.Store) -> TestReply? = { _, _ in
            nil
        }
    ) throws {
        let store = Store(resources)
        self.store = store
        server = try TestServer { request in
            intercept(request, store) ?? store.answer(request)
        }
    }

    /// The resource at `path`.
    subscript(path: String) -> JSON? {
        get { store[path] }
        set { store[path] = newValue }
    }

    /// A device behind this service's BMC.
    func device(_ name: String = "d1", system: String? = nil, password: String = "hunter2")
        -> Device
    {
        Device(
            name: name, bmc: server.url, system: system,
            credentials: Credentials(username: "admin", password: Secret(password)))
    }

    /// What came in since `count` requests: `GET /redfish/v1/Systems`.
    func lines(since count: Int = 0) -> [String] { Array(server.log.lines.dropFirst(count)) }

    /// The bodies of the requests with the given method.
    func bodies(_ method: String) -> [JSON?] {
        server.log.requests.filter { $0.method == method }.map { try? JSON(parsing: $0.body) }
    }
}

extension FakeService {
    /// The resources, shared between the test and the server's thread.
    final class Store: Sendable {
        private let resources: Mutex<[String: JSON]>

        init(_ resources: [String: JSON]) {
            self.resources = Mutex(resources)
        }

        subscript(path: String) -> JSON? {
            get { resources.withLock { $0[Self.key(path)] } }
            set { resources.withLock { $0[Self.key(path)] = newValue } }
        }

        func answer(_ request: TestRequest) -> TestReply {
            let path = Self.key(request.path)
            switch request.method {
            case "GET":
                return self[path].map(TestReply.json) ?? .missing
            case "POST" where path.hasSuffix("/Actions/ComputerSystem.Reset"):
                return reset(String(path.dropLast("/Actions/ComputerSystem.Reset".count)), request)
            case "PATCH":
                return patch(path, request)
            default:
                return .missing
            }
        }

        private func reset(_ path: String, _ request: TestRequest) -> TestReply {
            guard let type = (try? JSON(parsing: request.body))?["ResetType"]?.string,
                let system = self[path]
            else { return .missing }
            let action = system["Actions"]?["#ComputerSystem.Reset"]
            let info = action?["@Redfish.ActionInfo"]?.string.flatMap { self[$0] }
            let allowed =
                action?["ResetType@Redfish.AllowableValues"]
                ?? info?["Parameters"]?[0]?["AllowableValues"]
            guard allowed == [] || allowed?.array?.contains(.string(type)) ?? true else {
                return .refusal(
                    "Base.1.8.ActionParameterNotSupported", "The value \(type) is not supported.")
            }
            self[path] = system.setting(["PowerState": type.contains("On") ? "On" : "Off"])
            return .answer(204)
        }

        private func patch(_ path: String, _ request: TestRequest) -> TestReply {
            guard let system = self[path],
                let boot = (try? JSON(parsing: request.body))?["Boot"]?.object
            else { return .missing }
            self[path] = system.setting(["Boot": (system["Boot"] ?? [:]).setting(boot)])
            return .answer(204)
        }

        private static func key(_ path: String) -> String {
            path.hasSuffix("/") ? String(path.dropLast()) : path
        }
    }
}

extension JSON {
    /// An object with some members replaced.
    func setting(_ members: JSONObject) -> JSON {
        var object = object ?? JSONObject()
        for (key, value) in members { object[key] = value }
        return .object(object)
    }
}

extension TestReply {
    static func json(_ json: JSON) -> TestReply {
        .answer(bytes: json.encoded(), headers: ["Content-Type": "application/json"])
    }

    static let missing = refusal(
        status: 404, "Base.1.8.ResourceMissingAtURI", "The resource at the URI was not found.")

    static func refusal(
        status: Int = 400, _ messageID: String, _ message: String
    ) -> TestReply {
        let body: JSON = [
            "error": [
                "code": "Base.1.8.GeneralError", "message": "See ExtendedInfo.",
                "@Message.ExtendedInfo": [
                    ["MessageId": .string(messageID), "Message": .string(message)]
                ],
            ]
        ]
        return .answer(
            status, bytes: body.encoded(), headers: ["Content-Type": "application/json"])
    }
}
