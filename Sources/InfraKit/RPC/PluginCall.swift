internal import Core

/// A request whose method and params were understood.
///
/// The wrappers of the params are those of docker/infrakit, `pkg/rpc/instance/types.go`,
/// `pkg/rpc/metadata/types.go` and `pkg/rpc/handshake.go`.
enum PluginCall: Sendable, Hashable {
    case hello
    /// `Handshake.Implements`, asked by clients before 0.5.
    case interfaces
    /// `Plugin.Implements`, asked by the oldest clients.
    case oldestInterfaces
    /// `Instance.Meta`, which InfraKit-Instance-C named and never finished.
    case describePlugin
    case validate(type: String, properties: JSON)
    case provision(type: String, InstanceSpec)
    case label(type: String, instance: String, labels: [String: String])
    case destroy(type: String, instance: String, reason: String?)
    case describe(type: String, tags: [String: String], properties: Bool)
    case metadataKeys(name: String, path: [String])
    case metadataValue(name: String, path: [String])
    /// A method that the daemon added.
    case additional(method: String, params: JSON)

    private static let builtInMethods: Set<String> = [
        "Handshake.Hello", "Handshake.Implements", "Plugin.Implements", "Instance.Meta",
        "Instance.Validate", "Instance.Provision", "Instance.Label", "Instance.Destroy",
        "Instance.DescribeInstances", "Metadata.Keys", "Metadata.Get",
    ]

    /// - Parameter additionalMethods: names of further methods; a built-in one comes first.
    init(_ request: RPCRequest, additionalMethods: some Collection<String>) throws(RPCFault) {
        let params = ParameterReader(request.params)
        switch request.method {
        case "Handshake.Hello": self = .hello
        case "Handshake.Implements": self = .interfaces
        case "Plugin.Implements": self = .oldestInterfaces
        case "Instance.Meta": self = .describePlugin
        case "Instance.Validate":
            self = .validate(type: try params.string("Type"), properties: params.json("Properties"))
        case "Instance.Provision":
            self = .provision(
                type: try params.string("Type"), try InstanceSpec(params.object("Spec")))
        case "Instance.Label":
            self = .label(
                type: try params.string("Type"), instance: try params.string("Instance"),
                labels: try params.stringsByName("Labels"))
        case "Instance.Destroy":
            let reason = try params.object("Context").string("Reason")
            self = .destroy(
                type: try params.string("Type"), instance: try params.string("Instance"),
                reason: reason.isEmpty ? nil : reason)
        case "Instance.DescribeInstances":
            self = .describe(
                type: try params.string("Type"), tags: try params.stringsByName("Tags"),
                properties: try params.bool("Properties"))
        case "Metadata.Keys":
            self = .metadataKeys(name: try params.string("Name"), path: try params.strings("Path"))
        case "Metadata.Get":
            self = .metadataValue(name: try params.string("Name"), path: try params.strings("Path"))
        case let method where additionalMethods.contains(method):
            self = .additional(method: method, params: .object(request.params))
        case let method:
            throw Self.unknown(method, among: Self.builtInMethods.union(additionalMethods))
        }
    }

    // The three messages of the reference (gorilla/rpc, `serviceMap.get`).
    private static func unknown(_ method: String, among known: Set<String>) -> RPCFault {
        let quoted = JSON.string(method).description
        let parts = method.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return .failed("rpc: service/method request ill-formed: \(quoted)")
        }
        let hasService = known.contains { $0.hasPrefix("\(parts[0]).") }
        return .failed("rpc: can't find \(hasService ? "method" : "service") \(quoted)")
    }
}

extension InstanceSpec {
    fileprivate init(_ reader: ParameterReader) throws(RPCFault) {
        let logicalID = try reader.string("LogicalID")
        var attachments: [Attachment] = []
        for attachment in try reader.objects("Attachments") {
            attachments.append(
                Attachment(id: try attachment.string("ID"), type: try attachment.string("Type")))
        }
        self.init(
            properties: reader.json("Properties"), tags: try reader.stringsByName("Tags"),
            initScript: try reader.string("Init"), logicalID: logicalID.isEmpty ? nil : logicalID,
            attachments: attachments)
    }
}
