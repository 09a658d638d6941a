import Core
import Testing

@testable import InfraKit

@Suite("A JSON-RPC request")
struct RPCRequestTests {
    @Test("is read with its id, method and params")
    func plain() throws {
        let request = try RPCRequest(
            parsing: #"{"jsonrpc":"2.0","method":"A.B","params":{"x":1},"id":7}"#.utf8)
        #expect(request == RPCRequest(id: .integer(7), method: "A.B", params: ["x": 1]))
    }

    @Test(
        "echoes its id digit for digit",
        arguments: [
            "0", "7", "-1", "1643920153625731427", "9223372036854775807", "-9223372036854775808",
            #""""#, #""a \"b\" ü""#, "null",
        ])
    func identifiers(_ id: String) throws {
        let request = try RPCRequest(
            parsing: #"{"jsonrpc":"2.0","method":"A.B","id":\#(id)}"#.utf8)
        let answer = RPCAnswer.result(Array("{}".utf8), id: try #require(request.id))
        #expect(
            String(decoding: answer, as: UTF8.self) == #"{"jsonrpc":"2.0","result":{},"id":\#(id)}"#
        )
    }

    @Test("without an id is a notification")
    func notification() throws {
        #expect(try RPCRequest(parsing: #"{"jsonrpc":"2.0","method":"A.B"}"#.utf8).id == nil)
    }

    @Test(
        "takes absent, null, empty and singly wrapped params as Go's client and server do",
        arguments: [
            (#""method":"A.B""#, [:]), (#""method":"A.B","params":null"#, [:]),
            (#""method":"A.B","params":{}"#, [:]), (#""method":"A.B","params":[]"#, [:]),
            (#""method":"A.B","params":[{"x":1}]"#, ["x": 1]),
        ] as [(String, JSONObject)])
    func params(_ members: String, _ expected: JSONObject) throws {
        let request = try RPCRequest(parsing: #"{"jsonrpc":"2.0","id":1,\#(members)}"#.utf8)
        #expect(request.params == expected)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let body: String
        let code: Int
        let id: RPCIdentifier?
        let message: String
        var testDescription: String { String(body.prefix(60)) }
    }

    @Test(
        "that is none is refused, under its id as far as it has one",
        arguments: [
            Refused(body: "", code: -32700, id: .null, message: "not JSON: line 1"),
            Refused(body: "nonsense", code: -32700, id: .null, message: "not JSON: line 1"),
            Refused(
                body: #"{"jsonrpc":"2.0","id":1"#, code: -32700, id: .null, message: "not JSON"),
            Refused(body: #"{"id":1,"id":2}"#, code: -32700, id: .null, message: "duplicate"),
            Refused(
                body: #"{"id":9223372036854775808}"#, code: -32700, id: .null, message: "integer"),
            Refused(
                body: String(repeating: "[", count: 100_000), code: -32700, id: .null,
                message: "nested more than 64 deep"),
            Refused(
                body: #"[{"jsonrpc":"2.0","method":"A.B","id":1}]"#, code: -32600, id: .null,
                message: "a request must be an object, not an array; batches are not supported"),
            Refused(
                body: "7", code: -32600, id: .null,
                message: "a request must be an object, not an integer"),
            Refused(body: "{}", code: -32600, id: .null, message: "jsonrpc must be 2.0"),
            Refused(
                body: #"{"jsonrpc":"1.0","method":"A.B","id":3}"#, code: -32600, id: .integer(3),
                message: "jsonrpc must be 2.0"),
            Refused(
                body: #"{"jsonrpc":2.0,"method":"A.B","id":"x"}"#, code: -32600, id: .string("x"),
                message: "jsonrpc must be 2.0"),
            Refused(
                body: #"{"jsonrpc":"2.0","id":3}"#, code: -32600, id: .integer(3),
                message: "method must be a string"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":5}"#, code: -32600, id: .null,
                message: "method must be a string"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","id":1.5}"#, code: -32600, id: .null,
                message: "id must be an integer, a string or null, not a number"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","id":true}"#, code: -32600, id: .null,
                message: "not a boolean"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","id":{}}"#, code: -32600, id: .null,
                message: "not an object"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","id":4,"params":"x"}"#, code: -32600,
                id: .integer(4), message: "params must be an object, not a string"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","id":4,"params":[{},{}]}"#, code: -32600,
                id: .integer(4), message: "params must be an object, not an array"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","id":4,"params":[1]}"#, code: -32600,
                id: .integer(4), message: "params must be an object, not an array"),
            Refused(
                body: #"{"jsonrpc":"2.0","method":"A.B","params":1}"#, code: -32600, id: nil,
                message: "params must be an object"),
        ])
    func refusals(_ refused: Refused) throws {
        let refusal = try #require(throws: RPCRequest.Refusal.self) {
            try RPCRequest(parsing: refused.body.utf8)
        }
        #expect(refusal.fault.code == refused.code)
        #expect(refusal.id == refused.id)
        #expect(refusal.fault.message.contains(refused.message))
    }
}
