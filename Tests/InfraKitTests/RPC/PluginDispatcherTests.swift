import Core
import Logging
import Testing

@testable import InfraKit

@Suite("The dispatcher")
struct PluginDispatcherTests {
    let plugin = FakePlugin(
        vendor: PluginVendor(name: "Rackpool", version: "1.2", url: "https://rack.pool"),
        exampleProperties: ["Rack": "r1"])

    private func dispatcher(
        object: String = ".", metadata: Bool = false,
        logger: Logger = .silent
    ) -> PluginDispatcher {
        PluginDispatcher(
            plugin: plugin, objectName: object, advertisesMetadata: metadata,
            additionalMethods: [
                "Rackpool.Echo": { params, _ in params },
                "Rackpool.Who": { _, caller in .string("\(caller)") },
                "Rackpool.Fail": { _, _ in throw FakePlugin.Failure(description: "it fails") },
            ], logger: logger)
    }

    private func answer(
        _ method: String, _ params: String = "{}", by dispatcher: PluginDispatcher? = nil
    ) async throws -> String {
        let body = #"{"jsonrpc":"2.0","method":"\#(method)","params":\#(params),"id":7}"#
        let answer = await (dispatcher ?? self.dispatcher()).answer(Array(body.utf8))
        return String(decoding: try #require(answer), as: UTF8.self)
    }

    private func result(_ result: String) -> String {
        #"{"jsonrpc":"2.0","result":\#(result),"id":7}"#
    }

    private func failure(_ message: String) -> String {
        #"{"jsonrpc":"2.0","error":{"code":-32000,"message":"\#(message)","data":null},"id":7}"#
    }

    @Test("shakes hands in three generations")
    func handshake() async throws {
        #expect(
            try await answer("Handshake.Hello")
                == result(#"{"Objects":{"Instance/0.6.1":[{"Name":".","ProxyFor":""}]}}"#))
        let typed = dispatcher(object: "compute", metadata: true)
        let objects = #"[{"Name":"compute","ProxyFor":""}]"#
        #expect(
            try await answer("Handshake.Hello", by: typed)
                == result(
                    #"{"Objects":{"Instance/0.6.1":\#(objects),"Metadata/0.1.1":\#(objects)}}"#))
        #expect(
            try await answer("Handshake.Implements")
                == result(#"{"Interfaces":[{"Name":"Instance","Version":"0.6.1"}]}"#))
        #expect(
            try await answer("Plugin.Implements")
                == result(#"{"APIs":[{"Name":"Instance","Version":"0.1.0"}]}"#))
    }

    @Test("answers Instance.Meta with what /info/api.json tells")
    func meta() async throws {
        let json = try JSON(parsing: try await answer("Instance.Meta"))
        #expect(json["result"]?["Vendor"]?["Name"] == "Rackpool")
        #expect(json["result"]?["Interfaces"]?[0]?["Methods"]?.array?.count == 5)
    }

    @Test("passes the instance methods to the plugin")
    func instanceMethods() async throws {
        let done = result(#"{"Type":"","OK":true}"#)
        #expect(try await answer("Instance.Validate", #"{"Properties":{"Rack":"r1"}}"#) == done)
        #expect(
            try await answer("Instance.Provision", #"{"Spec":{"Tags":{"a":"b"},"LogicalID":"n"}}"#)
                == result(#"{"Type":"","ID":"fake-1"}"#))
        #expect(
            try await answer("Instance.Label", #"{"Instance":"fake-1","Labels":{"c":"d"}}"#) == done
        )
        #expect(
            try await answer("Instance.DescribeInstances", #"{"Tags":{"c":"d"}}"#)
                == result(
                    #"{"Type":"","Descriptions":[{"ID":"fake-1","LogicalID":"n","Tags":{"a":"b","c":"d"}}]}"#
                ))
        #expect(
            try await answer("Instance.DescribeInstances", #"{"Tags":{"c":"x"}}"#)
                == result(#"{"Type":"","Descriptions":[]}"#))
        #expect(
            try await answer(
                "Instance.Destroy", #"{"Instance":"fake-1","Context":{"Reason":"terminate"}}"#)
                == done)
        #expect(await plugin.reasons == ["terminate"])
    }

    @Test("shows a thrown error to the operator as it describes itself")
    func errors() async throws {
        #expect(
            try await answer("Instance.Validate", #"{"Properties":{"Rack":"none"}}"#)
                == failure(#"no rack \"none\""#))
        #expect(
            try await answer("Instance.Destroy", #"{"Instance":"gone"}"#)
                == failure("no instance gone"))
        #expect(try await answer("Rackpool.Fail") == failure("it fails"))
        #expect(
            try await answer("Instance.Nope")
                == failure(#"rpc: can't find method \"Instance.Nope\""#))
    }

    @Test(
        "serves the empty type and its object's, and no other",
        arguments: [
            (".", "", true), (".", ".", false), (".", "compute", false),
            ("compute", "compute", true),
            ("compute", "", true), ("compute", "storage", false),
        ])
    func types(_ object: String, _ type: String, _ isServed: Bool) async throws {
        for method in ["Validate", "Provision", "DescribeInstances"] {
            let text = try await answer(
                "Instance.\(method)", #"{"Type":"\#(type)"}"#, by: dispatcher(object: object))
            if isServed {
                #expect(try JSON(parsing: text)["result"]?["Type"] == .string(type))
            } else {
                #expect(text == failure("no-plugin:\(type)"))
            }
        }
    }

    @Test("answers metadata with its keys sorted")
    func metadata() async throws {
        #expect(
            try await answer("Metadata.Keys", #"{"Name":"rack","Path":["a"]}"#)
                == result(#"{"Name":"rack","Nodes":["a","rack","zone"]}"#))
        #expect(
            try await answer(
                "Metadata.Get", #"{"Name":"rack/compute","Path":["a","b"]}"#,
                by: dispatcher(object: "compute"))
                == result(#"{"Name":"rack/compute","Value":{"path":["a","b"]}}"#))
        #expect(
            try await answer("Metadata.Get", #"{"Name":"rack/other","Path":["a"]}"#)
                == failure("not found: rack/other (key=other)"))
        #expect(
            try await answer("Metadata.Get", #"{"Name":"","Path":["missing"]}"#)
                == failure("no missing"))
    }

    @Test("hands further methods their params")
    func additionalMethods() async throws {
        #expect(try await answer("Rackpool.Echo", #"{"a":[1,null]}"#) == result(#"{"a":[1,null]}"#))
        #expect(try await answer("Rackpool.Echo", "null") == result("{}"))
    }

    @Test("tells further methods who calls, and asks for that only for them")
    func callers() async throws {
        let call = Array(#"{"jsonrpc":"2.0","method":"Rackpool.Who","id":7}"#.utf8)
        let answer = try #require(
            await dispatcher().answer(call) { .process(user: "alice", id: 4711) })
        #expect(String(decoding: answer, as: UTF8.self) == result(#""alice (process 4711)""#))
        let hello = Array(#"{"jsonrpc":"2.0","method":"Handshake.Hello","id":7}"#.utf8)
        _ = await dispatcher().answer(hello) {
            Issue.record("nobody has to know who says hello")
            return .unknown
        }
    }

    @Test("obeys a notification and does not answer it, not even that it failed")
    func notifications() async throws {
        let call = #"{"jsonrpc":"2.0","method":"Instance.Provision","params":{}}"#
        #expect(await dispatcher().answer(Array(call.utf8)) == nil)
        #expect(await plugin.instances.count == 1)
        for body in [
            #"{"jsonrpc":"2.0","method":"Instance.Nope"}"#,
            #"{"jsonrpc":"2.0","method":"Instance.Destroy","params":{"Instance":"gone"}}"#,
            #"{"jsonrpc":"2.0","method":"Instance.Destroy","params":{"Instance":1}}"#,
        ] {
            #expect(await dispatcher().answer(Array(body.utf8)) == nil)
        }
    }

    @Test("logs what was called and never with what")
    func logging() async throws {
        let (logger, lines) = RecordingLogHandler.logger()
        let dispatcher = dispatcher(logger: logger)
        _ = try await answer(
            "Instance.Provision",
            #"{"Spec":{"Properties":{"Password":"hunter2"},"Init":"hunter2","Tags":{"t":"hunter2"}}}"#,
            by: dispatcher)
        _ = try await answer("Instance.Destroy", #"{"Instance":"hunter2"}"#, by: dispatcher)
        _ = try await answer("Instance.Provision", #"{"Spec":{"Init":"#, by: dispatcher)
        #expect(lines.all.count == 3)
        #expect(!lines.all.contains { $0.contains("hunter2") })
        #expect(lines.all[0].contains("Instance.Provision"))
        #expect(lines.all[0].contains("\"id\": 7"))
        #expect(lines.all[1].contains("-32000"))
        #expect(lines.all[2].contains("-32700"))
    }
}
