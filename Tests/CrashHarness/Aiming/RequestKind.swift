import Core
import Simulator

/// A kind of request to a BMC: `redfish POST Reset On`, `ipmi chassis control: up`.
struct RequestKind: Hashable, Sendable, CustomStringConvertible {
    let description: String

    private init(_ description: String) {
        self.description = description
    }

    /// Whether a BMC gets it when the daemon is told to stop, and hardly ever else.
    var isAtStop: Bool { Self.atStop.contains(self) }

    /// Whether a BMC gets it many times a second.
    var isFrequent: Bool { Self.frequent.contains(self) }

    /// Whether it is about a drive for virtual media.
    var isOfMedia: Bool { description.contains("Media") }

    /// Whether it cuts a server's power.
    var isForced: Bool { Self.forced.contains(self) }

    /// Whether nobody but an operator sends it.
    var isOperators: Bool { Self.operators.contains(self) }

    /// What an operator does, and to a server of which provider, that leads to it.
    var operatorsPower: (action: String, provider: String)? {
        guard isOperators else { return nil }
        let isCycle = description.hasSuffix("ycle")
        return (
            isCycle ? "cycle" : "reset", description.hasPrefix("ipmi") ? "ipmi" : "redfish"
        )
    }

    /// What a command makes of a machine's power.
    enum Power: Sendable {
        case on, off
    }

    /// What it makes of a machine's power if it is a command about that; a restart leads to On.
    var power: Power? {
        guard let command = Self.powerCommands.first(where: { description.hasPrefix($0) }) else {
            return nil
        }
        return Self.offs.contains(description.dropFirst(command.count)) ? .off : .on
    }

    private static let powerCommands = ["redfish POST Reset ", "ipmi chassis control: "]
    private static let offs: Set<Substring> = ["ForceOff", "GracefulShutdown", "down", "soft"]
    private static let operators: Set = [
        RequestKind("redfish POST Reset PowerCycle"),
        RequestKind("redfish POST Reset ForceRestart"),
        RequestKind("ipmi chassis control: cycle"), RequestKind("ipmi chassis control: reset"),
    ]
    private static let forced: Set = [
        RequestKind("redfish POST Reset ForceOff"), RequestKind("ipmi chassis control: down"),
    ]
    private static let atStop: Set = [
        RequestKind("redfish DELETE Sessions/*"), RequestKind("ipmi close session"),
    ]
    private static let frequent: Set = [
        RequestKind("redfish GET Systems/*"), RequestKind("ipmi get chassis status"),
    ]
}

extension RequestKind: CaseIterable {
    /// All that the daemon sends under the harness's load. The exchange that opens an IPMI session is
    /// none of them, for it is no command: it changes nothing on a server, and the commands before and
    /// after it are there.
    static let allCases: [RequestKind] =
        [
            "GET /", "POST Sessions", "DELETE Sessions/*", "GET Systems", "GET Systems/*",
            "GET Systems/*/EthernetInterfaces", "GET Systems/*/EthernetInterfaces/*",
            "PATCH Systems/*", "POST Reset On", "POST Reset GracefulShutdown",
            "POST Reset ForceOff", "POST Reset PowerCycle", "POST Reset ForceRestart",
            "GET VirtualMedia", "GET VirtualMedia/*", "POST InsertMedia",
            "POST EjectMedia", "GET Managers/*",
        ].map { RequestKind("redfish " + $0) }
        + [
            "get channel authentication capabilities", "get channel cipher suites",
            "set session privilege level", "close session", "get device id", "get system guid",
            "get chassis status", "chassis control: up", "chassis control: down",
            "chassis control: soft", "chassis control: cycle", "chassis control: reset",
            "set boot options", "get boot options", "read records",
        ].map { RequestKind("ipmi " + $0) }
}

extension RequestKind {
    /// What a request over Redfish is.
    init(_ request: SimulatedRequest) {
        let names = request.path.split(separator: "/").dropFirst(2).map(String.init)
        self.init("redfish \(request.method) \(Self.name(of: names, request))")
    }

    private static func name(of names: [String], _ request: SimulatedRequest) -> String {
        guard let first = names.first else { return "/" }
        if names.contains("Actions") {
            let action = names.last?.split(separator: ".").last.map(String.init) ?? ""
            let body = try? JSON(parsing: request.body)
            return action + (body?["ResetType"]?.string.map { " \($0)" } ?? "")
        }
        if let place = names.firstIndex(where: { $0 == "Sessions" || $0 == "VirtualMedia" }) {
            return names[place] + (place + 1 < names.count ? "/*" : "")
        }
        let isSubordinate = first == "Systems" && names.count > 2
        let place = isSubordinate ? "Systems/*/\(names[2])" : first
        return place + (names.count > (isSubordinate ? 3 : 1) ? "/*" : "")
    }

    /// What a command over IPMI is. The numbers are those of IPMI v2.0, appendix G.
    init(_ request: SimulatedIPMIRequest) {
        let name =
            switch (request.function, request.command) {
            case (0x06, 0x01): "get device id"
            case (0x06, 0x37): "get system guid"
            case (0x06, 0x38): "get channel authentication capabilities"
            case (0x06, 0x54): "get channel cipher suites"
            case (0x06, 0x3B): "set session privilege level"
            case (0x06, 0x3C): "close session"
            case (0x00, 0x01): "get chassis status"
            case (0x00, 0x02): "chassis control: \(Self.control(request.data.first ?? 0))"
            case (0x00, 0x08): "set boot options"
            case (0x00, 0x09): "get boot options"
            case (0x0A, _), (0x04, _), (0x2C, _): "read records"
            case let (function, command): "\(function)/\(command)"
            }
        self.init("ipmi " + name)
    }

    // IPMI v2.0 28.3.
    private static func control(_ number: UInt8) -> String {
        switch number & 0x0F {
        case 0: "down"
        case 1: "up"
        case 2: "cycle"
        case 3: "reset"
        case 5: "soft"
        case let number: "\(number)"
        }
    }
}
