internal import Core
internal import Foundation
internal import Logging

/// Answers JSON-RPC bodies on behalf of a plugin. It knows no socket and no HTTP.
struct PluginDispatcher: Sendable {
    let plugin: any InstancePlugin
    /// The one object served: `.` without a type, else the type that users put after the slash.
    let objectName: String
    let advertisesMetadata: Bool
    let additionalMethods: [String: AdditionalMethod]
    let logger: Logger

    /// The answer's text, or nil to a notification: the reference, too, answers it with an empty
    /// body, whatever came of it.
    /// - Parameter caller: finds out who has sent it; asked only where that matters.
    func answer(
        _ body: [UInt8], from caller: @Sendable () async -> Caller = { .unknown }
    ) async -> [UInt8]? {
        let request: RPCRequest
        do {
            request = try await LargeText.reader.read(size: body.count) {
                () throws(RPCRequest.Refusal) in try RPCRequest(parsing: body)
            }
        } catch {
            // The message is left out, for it may quote the body.
            logger.debug("refused a request", metadata: ["code": "\(error.fault.code)"])
            return error.id.map { RPCAnswer.fault(error.fault, id: $0) }
        }
        let start = ContinuousClock.now
        let outcome = await result(of: request, from: caller)
        log(request, outcome, duration: ContinuousClock.now - start)
        guard let id = request.id else { return nil }
        switch outcome {
        case .success(let result): return RPCAnswer.result(result, id: id)
        case .failure(let fault): return RPCAnswer.fault(fault, id: id)
        }
    }

    /// What `GET /info/api.json` and `Instance.Meta` answer.
    func info() -> [UInt8] {
        PluginInfo.json(
            vendor: plugin.vendor, exampleProperties: plugin.exampleProperties,
            seconds: Int(Date().timeIntervalSince1970)
        ).encoded()
    }

    // Neither params nor a failure's message: both may hold what the operator wrote into a spec.
    private func log(
        _ request: RPCRequest, _ outcome: Result<[UInt8], RPCFault>, duration: Duration
    ) {
        guard logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = [
            "method": "\(request.method.prefix(64))",
            "id": "\(request.id?.summary ?? "none")",
            "ms": "\(Int(duration / .milliseconds(1)))",
        ]
        if case .failure(let fault) = outcome { metadata["code"] = "\(fault.code)" }
        logger.debug("answered a call", metadata: metadata)
    }

    private func result(
        of request: RPCRequest, from caller: @Sendable () async -> Caller
    ) async -> Result<[UInt8], RPCFault> {
        do {
            let call = try PluginCall(request, additionalMethods: additionalMethods.keys)
            return .success(try await result(of: call, from: caller))
        } catch let fault as RPCFault {
            return .failure(fault)
        } catch {
            return .failure(.failed("\(error)"))
        }
    }

    private func result(
        of call: PluginCall, from caller: @Sendable () async -> Caller
    ) async throws -> [UInt8] {
        switch call {
        case .hello:
            return hello.encoded()
        case .interfaces:
            return Self.list("Interfaces", InterfaceVersion.instance)
        case .oldestInterfaces:
            return Self.list("APIs", InterfaceVersion.oldestInstance)
        case .describePlugin:
            return info()
        case .validate(let type, let properties):
            try check(type)
            try await plugin.validate(properties: properties)
            return Self.done(type)
        case .provision(let type, let spec):
            try check(type)
            let id = try await plugin.provision(spec)
            return JSON.object(["Type": .string(type), "ID": .string(id)]).encoded()
        case .label(let type, let instance, let labels):
            try check(type)
            try await plugin.label(instance: instance, labels: labels)
            return Self.done(type)
        case .destroy(let type, let instance, let reason):
            try check(type)
            try await plugin.destroy(instance: instance, reason: reason)
            return Self.done(type)
        case .describe(let type, let tags, let properties):
            try check(type)
            return Self.described(
                try await plugin.describe(tags: tags, properties: properties), type: type)
        case .metadataKeys(let name, let path):
            try check(metadataName: name)
            let keys = try await plugin.metadataKeys(path: path).sorted()
            let nodes = JSON.array(keys.map(JSON.string))
            return JSON.object(["Name": .string(name), "Nodes": nodes]).encoded()
        case .metadataValue(let name, let path):
            try check(metadataName: name)
            let value = try await plugin.metadataValue(path: path)
            return JSON.object(["Name": .string(name), "Value": value]).encoded()
        case .additional(let method, let params):
            guard let handler = additionalMethods[method] else { return JSON.null.encoded() }
            return try await handler(params, await caller()).encoded()
        }
    }

    private var hello: JSON {
        let objects: JSON = [["Name": .string(objectName), "ProxyFor": ""]]
        var interfaces: JSONObject = [:]
        interfaces["\(InterfaceVersion.instance.name)/\(InterfaceVersion.instance.version)"] =
            objects
        if advertisesMetadata {
            interfaces["\(InterfaceVersion.metadata.name)/\(InterfaceVersion.metadata.version)"] =
                objects
        }
        return ["Objects": .object(interfaces)]
    }

    private static func list(_ key: String, _ interface: (name: String, version: String)) -> [UInt8]
    {
        let listed: JSON = [
            ["Name": .string(interface.name), "Version": .string(interface.version)]
        ]
        return JSON.object(JSONObject([(key, listed)])).encoded()
    }

    private static func done(_ type: String) -> [UInt8] {
        JSON.object(["Type": .string(type), "OK": true]).encoded()
    }

    private static func described(_ descriptions: [UInt8], type: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(descriptions.count + 64)
        bytes += #"{"Type":"#.utf8
        JSON.string(type).encode(into: &bytes)
        bytes += #","Descriptions":"#.utf8
        bytes += descriptions
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    // There is only one object to mean, so that the empty type always means it; the reference
    // serves the empty type only where the object has no name.
    private func check(_ type: String) throws(RPCFault) {
        guard type.isEmpty || (type == objectName && objectName != ".") else {
            throw .failed("no-plugin:\(type)")
        }
    }

    // A metadata client sends the plugin's whole name, `NAME` or `NAME/OBJECT`
    // (docker/infrakit, `pkg/rpc/internal/keyed.go`).
    private func check(metadataName name: String) throws(RPCFault) {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] != "." else { return }
        guard parts[1].isEmpty || parts[1] == objectName else {
            throw .failed("not found: \(name) (key=\(parts[1]))")
        }
    }
}
