import Core
import Testing

@testable import InfraKit

@Suite("A plugin call")
struct PluginCallTests {
    private func call(_ method: String, _ params: String) throws -> PluginCall {
        let params = try #require(JSON(parsing: params).object)
        return try PluginCall(
            RPCRequest(id: .integer(1), method: method, params: params),
            additionalMethods: ["Rackpool.Cordon", "Rackpool.Pool"])
    }

    static let understood: [(String, String, PluginCall)] = [
        ("Handshake.Hello", "{}", .hello),
        ("Handshake.Implements", "{}", .interfaces),
        ("Plugin.Implements", "{}", .oldestInterfaces),
        ("Instance.Meta", "{}", .describePlugin),
        ("Instance.Validate", "{}", .validate(type: "", properties: .null)),
        (
            "Instance.Validate", #"{"Type":"compute","Properties":[1,2.5]}"#,
            .validate(type: "compute", properties: [1, 2.5])
        ),
        ("Instance.Provision", "{}", .provision(type: "", InstanceSpec())),
        ("Instance.Provision", #"{"Spec":null}"#, .provision(type: "", InstanceSpec())),
        (
            "Instance.Provision",
            #"""
            {"Type":"","Spec":{"Properties":{"Rack":"r1"},"Tags":{"a":"b","n":null},"Init":"echo",
            "LogicalID":"node-a","Attachments":[{"ID":"d1","Type":"disk"},null]}}
            """#,
            .provision(
                type: "",
                InstanceSpec(
                    properties: ["Rack": "r1"], tags: ["a": "b", "n": ""], initScript: "echo",
                    logicalID: "node-a",
                    attachments: [
                        Attachment(id: "d1", type: "disk"), Attachment(id: "", type: ""),
                    ]))
        ),
        (
            "Instance.Provision",
            #"{"spec":{"TAGS":null,"logicalid":"","attachments":null,"Unknown":[]},"more":1}"#,
            .provision(type: "", InstanceSpec())
        ),
        (
            "Instance.Label", #"{"Instance":"i","Labels":{"Tier":"db","tier":"web"}}"#,
            .label(type: "", instance: "i", labels: ["Tier": "db", "tier": "web"])
        ),
        (
            "Instance.Destroy", #"{"Instance":"i","Context":{"Reason":"terminate"}}"#,
            .destroy(type: "", instance: "i", reason: "terminate")
        ),
        (
            "Instance.Destroy", #"{"Instance":"i","Context":{"Reason":""}}"#,
            .destroy(type: "", instance: "i", reason: nil)
        ),
        ("Instance.Destroy", #"{"Instance":"i"}"#, .destroy(type: "", instance: "i", reason: nil)),
        ("Instance.DescribeInstances", "{}", .describe(type: "", tags: [:], properties: false)),
        (
            "Instance.DescribeInstances", #"{"Type":null,"Tags":null,"Properties":true}"#,
            .describe(type: "", tags: [:], properties: true)
        ),
        (
            "Instance.DescribeInstances", #"{"tags":{"wrong":""},"Tags":{"a":"b"},"TAGS":{}}"#,
            .describe(type: "", tags: ["a": "b"], properties: false)
        ),
        (
            "Instance.DescribeInstances", #"{"TYPE":"first","type":"last"}"#,
            .describe(type: "last", tags: [:], properties: false)
        ),
        (
            "Metadata.Keys", #"{"Name":"rack/compute","Path":["a","b"]}"#,
            .metadataKeys(name: "rack/compute", path: ["a", "b"])
        ),
        ("Metadata.Get", #"{"Name":"rack","Path":null}"#, .metadataValue(name: "rack", path: [])),
        (
            "Rackpool.Cordon", #"{"Device":"r1u07"}"#,
            .additional(method: "Rackpool.Cordon", params: ["Device": "r1u07"])
        ),
    ]

    @Test("is understood as Go would", arguments: understood)
    func understanding(_ method: String, _ params: String, _ expected: PluginCall) throws {
        #expect(try call(method, params) == expected)
    }

    @Test(
        "with ill-typed params is refused with the place",
        arguments: [
            ("Instance.Validate", #"{"Type":1}"#, "params.Type must be a string, not an integer"),
            ("Instance.Provision", #"{"Spec":[]}"#, "params.Spec must be an object, not an array"),
            (
                "Instance.Provision", #"{"Spec":{"Tags":["a"]}}"#,
                "params.Spec.Tags must be an object, not an array"
            ),
            (
                "Instance.Provision", #"{"Spec":{"Tags":{"tier":7}}}"#,
                "params.Spec.Tags.tier must be a string, not an integer"
            ),
            (
                "Instance.Provision", #"{"Spec":{"Init":{}}}"#,
                "params.Spec.Init must be a string, not an object"
            ),
            (
                "Instance.Provision", #"{"Spec":{"LogicalID":false}}"#,
                "params.Spec.LogicalID must be a string, not a boolean"
            ),
            (
                "Instance.Provision", #"{"Spec":{"Attachments":{}}}"#,
                "params.Spec.Attachments must be an array, not an object"
            ),
            (
                "Instance.Provision", #"{"Spec":{"Attachments":[{"ID":"x"},"y"]}}"#,
                "params.Spec.Attachments[1] must be an object, not a string"
            ),
            (
                "Instance.Provision", #"{"Spec":{"Attachments":[{"ID":1}]}}"#,
                "params.Spec.Attachments[0].ID must be a string, not an integer"
            ),
            (
                "Instance.Destroy", #"{"Context":{"Reason":1}}"#,
                "params.Context.Reason must be a string, not an integer"
            ),
            (
                "Instance.DescribeInstances", #"{"Properties":"yes"}"#,
                "params.Properties must be a boolean, not a string"
            ),
            ("Metadata.Get", #"{"Path":"a/b"}"#, "params.Path must be an array, not a string"),
            (
                "Metadata.Get", #"{"Path":["a",1]}"#,
                "params.Path[1] must be a string, not an integer"
            ),
        ])
    func illTyped(_ method: String, _ params: String, _ message: String) throws {
        #expect(throws: RPCFault.invalidRequest(message)) { try call(method, params) }
    }

    @Test(
        "to an unknown method is refused in the reference's words",
        arguments: [
            ("Instance.Nope", #"rpc: can't find method "Instance.Nope""#),
            ("Rackpool.Nope", #"rpc: can't find method "Rackpool.Nope""#),
            ("Nope.Hello", #"rpc: can't find service "Nope.Hello""#),
            ("instance.Validate", #"rpc: can't find service "instance.Validate""#),
            (".", #"rpc: can't find service ".""#),
            ("", #"rpc: service/method request ill-formed: """#),
            ("Validate", #"rpc: service/method request ill-formed: "Validate""#),
            ("a.b.c", #"rpc: service/method request ill-formed: "a.b.c""#),
        ])
    func unknown(_ method: String, _ message: String) throws {
        #expect(throws: RPCFault.failed(message)) { try call(method, "{}") }
    }
}
