package import NIOCore

/// Asks for a part of the list of cipher suites, and needs no session (IPMI v2.0 22.15). The records
/// of ``CipherSuiteRecord`` stand one behind the other, cut into parts of 16 bytes; a shorter part
/// is the last.
package struct GetChannelCipherSuites: IPMICommand {
    package static let function = NetworkFunction.application
    package static let code: UInt8 = 0x54
    package static let name = "get channel cipher suites"
    package static let privilege = PrivilegeLevel.callback

    /// How many bytes of records stand in a part that is not the last.
    package static let partLength = 16
    /// How many parts there can be, since the index has 6 bits.
    package static let partLimit = 64

    /// 4 bits.
    package var channel: UInt8
    /// What the suites are to protect; 0 is IPMI.
    package var payloadType: PayloadType
    /// Whether whole suites are asked for, and not the single algorithms.
    package var listsSuites: Bool
    /// Which part, from 0 on; 6 bits.
    package var index: UInt8

    package init(
        channel: UInt8 = GetChannelAuthenticationCapabilities.thisChannel,
        payloadType: PayloadType = .ipmi, listsSuites: Bool = true, index: UInt8
    ) {
        self.channel = channel
        self.payloadType = payloadType
        self.listsSuites = listsSuites
        self.index = index
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetChannelCipherSuites {
        let channel: UInt8 = try buffer.take("channel number")
        let type: UInt8 = try buffer.take("payload type")
        guard let payloadType = PayloadType(rawValue: type & 0x3F) else {
            throw .invalid("payload type")
        }
        let index: UInt8 = try buffer.take("list index")
        return GetChannelCipherSuites(
            channel: channel & 0x0F, payloadType: payloadType, listsSuites: index & 0x80 != 0,
            index: index & 0x3F)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([
            channel & 0x0F, payloadType.rawValue, index & 0x3F | (listsSuites ? 0x80 : 0),
        ])
    }
}

extension GetChannelCipherSuites {
    package struct Response: WireValue {
        /// The channel's number.
        package var channel: UInt8
        /// A part of the records; at most 16 bytes.
        package var records: [UInt8]

        package init(channel: UInt8 = 1, records: [UInt8]) {
            self.channel = channel
            self.records = records
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            let channel: UInt8 = try buffer.take("channel number")
            let count = min(buffer.readableBytes, GetChannelCipherSuites.partLength)
            return Response(
                channel: channel & 0x0F,
                records: try buffer.takeBytes("cipher suite records", count: count))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.writeInteger(channel)
            buffer.writeBytes(records.prefix(GetChannelCipherSuites.partLength))
        }
    }
}
