import IPMIWire
import NIOCore
import Testing

/// What a value is as it travels.
func wire(_ value: some WireValue) -> [UInt8] {
    var buffer = ByteBuffer()
    value.write(into: &buffer)
    return buffer.unread
}

/// A value from what travels.
func read<Value: WireValue>(
    _ bytes: [UInt8], as type: Value.Type = Value.self
) throws(IPMIWireError) -> Value {
    var buffer = ByteBuffer(bytes: bytes)
    return try Value.read(from: &buffer)
}

/// Expects that a value is written as `bytes` and that they are read as the value, also where more
/// follows; that less than `required` of them (all, if nil) are refused.
func expectWire<Value: WireValue>(
    _ value: Value, _ hex: String, required: Int? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let expected = bytes(hex)
    #expect(wire(value) == expected, sourceLocation: sourceLocation)
    #expect(try read(expected, as: Value.self) == value, sourceLocation: sourceLocation)
    for count in 0..<(required ?? expected.count) {
        #expect(throws: IPMIWireError.self, sourceLocation: sourceLocation) {
            try read(Array(expected[..<count]), as: Value.self)
        }
    }
}
