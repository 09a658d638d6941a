import Core
import Testing

@Suite("JSON values")
struct JSONTests {
    @Test("an integer keeps all 64 bits")
    func integers() throws {
        for integer in [Int64.max, .max - 1, .min, 0, -1, 9_007_199_254_740_993] {
            #expect(try JSON(parsing: String(integer)) == .integer(integer))
            #expect(JSON.integer(integer).description == String(integer))
        }
    }

    @Test("objects are equal, and hash alike, whatever the order of their keys")
    func equality() {
        let one: JSON = ["a": 1, "b": ["c": nil, "d": [1, 2]]]
        let other: JSON = ["b": ["d": [1, 2], "c": nil], "a": 1]
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
        #expect(one.description != other.description)
    }

    @Test(
        "values that differ are not equal",
        arguments: [
            (["a": 1], ["a": 2]), (["a": 1], ["b": 1]), (["a": 1], ["a": 1, "b": 1]),
            ([1, 2], [2, 1]), (1, 1.0), (nil, false), ("1", 1), ([:], []), ("", nil),
        ] as [(JSON, JSON)])
    func inequality(left: JSON, right: JSON) {
        #expect(left != right)
        #expect(right != left)
    }

    @Test("a value is read as its own type only")
    func reading() {
        let values: [JSON] = [nil, true, 1, 1.5, "s", [1], ["k": 1]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false, false])
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil, nil])
        #expect(values.map(\.integer) == [nil, nil, 1, nil, nil, nil, nil])
        #expect(values.map(\.number) == [nil, nil, 1, 1.5, nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, nil, "s", nil, nil])
        #expect(values.map(\.array) == [nil, nil, nil, nil, nil, [1], nil])
        #expect(values.map(\.object) == [nil, nil, nil, nil, nil, nil, ["k": 1]])
        #expect(
            values.map(\.typeName) == [
                "null", "a boolean", "an integer", "a number", "a string", "an array", "an object",
            ])
    }

    @Test("a real with an integer's value reads as an integer, if that is exact")
    func realsAsIntegers() {
        #expect(JSON.real(42).integer == 42)
        #expect(JSON.real(-0.0).integer == 0)
        #expect(JSON.real(0.5).integer == nil)
        #expect(JSON.real(1e19).integer == nil)
        #expect(JSON.real(.nan).integer == nil)
    }

    @Test("a subscript reaches into objects and arrays, and finds nothing elsewhere")
    func subscripts() {
        let value: JSON = ["list": [["name": "r1u01"]]]
        #expect(value["list"]?[0]?["name"] == "r1u01")
        #expect(value["list"]?[1] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["list"]?["name"] == nil)
        #expect(value["none"] == nil)
        #expect(JSON.string("text")["name"] == nil)
        #expect(JSON.string("text")[0] == nil)
    }

    @Test("an optional string, any integer and a dictionary make a value")
    func conversions() {
        #expect(JSON(String?.none) == nil)
        #expect(JSON(Optional("text")) == "text")
        #expect(JSON(UInt64.max) == .integer(.max))
        #expect(JSON(UInt8(7)) == 7)
        #expect(JSON(["b": "2", "a": "1"]).description == #"{"a":"1","b":"2"}"#)
    }

    @Test("an object keeps its order when a value is replaced, removed and added again")
    func objectOrder() {
        var object: JSONObject = ["z": 1, "a": 2, "m": 3]
        #expect(object.keys == ["z", "a", "m"])
        object["a"] = 20
        #expect(object.keys == ["z", "a", "m"])
        #expect(object.values == [1, 20, 3])
        object["z"] = nil
        object["z"] = 10
        #expect(object.map(\.key) == ["a", "m", "z"])
        #expect(object.map(\.value) == [20, 3, 10])
        #expect(object.count == 3)
        #expect(!object.isEmpty)
        #expect(JSONObject().isEmpty)
    }

    @Test("of a repeated key, an object keeps the first place and the last value")
    func repeatedMembers() {
        let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        #expect(object.keys == ["a", "b"])
        #expect(object["a"] == 3)
    }
}
