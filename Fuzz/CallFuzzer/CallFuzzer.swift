internal import Core
internal import FuzzDriver
@testable internal import InfraKit
internal import Logging

/// Feeds the plugin's JSON-RPC entry with what libFuzzer takes for requests' bodies. Built and run
/// by `make fuzz`.
@main
struct CallFuzzer {
    private static let dispatcher = PluginDispatcher(
        plugin: FuzzedPlugin(), objectName: "compute", advertisesMetadata: true,
        additionalMethods: ["Rackpool.Echo": { $0 }],
        logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })

    static func main() {
        FuzzDriver.run(waitingFor: { input in
            check(await dispatcher.answer(input), to: input)
        })
    }

    /// Every request but a notification has one answer, under its id, that its client can read.
    private static func check(_ answer: [UInt8]?, to input: [UInt8]) {
        let request = try? JSON(parsing: input)
        guard let answer else {
            precondition(request?.object != nil, "what is no request is told so")
            precondition(request?["id"] == nil, "a request has no answer")
            return
        }
        guard let json = try? JSON(parsing: answer), let members = json.object else {
            preconditionFailure("the answer is no JSON")
        }
        precondition(members["jsonrpc"] == "2.0")
        precondition((members["result"] == nil) != (members["error"] == nil))
        let id = request?["id"].flatMap(RPCIdentifier.init)
        precondition(members["id"] == id?.json ?? .null, "the id is another")
        precondition(answer.count < 64 * input.count + 65_536, "the answer is endless")
    }
}
