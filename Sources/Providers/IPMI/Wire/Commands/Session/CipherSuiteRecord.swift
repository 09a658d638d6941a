package import NIOCore

/// An entry in a BMC's list of cipher suites (IPMI v2.0 22.15.1, table 22-18).
package struct CipherSuiteRecord: WireValue {
    /// The suite's number; standard ones are those of table 22-20.
    package var id: UInt8
    /// The IANA number of whoever defined the suite; nil for a standard one.
    package var oem: UInt32?
    /// The algorithms' numbers; a record may allow several of a kind.
    package var authentication: [UInt8]
    package var integrity: [UInt8]
    package var confidentiality: [UInt8]

    package init(
        id: UInt8, oem: UInt32? = nil, authentication: [UInt8], integrity: [UInt8],
        confidentiality: [UInt8]
    ) {
        self.id = id
        self.oem = oem
        self.authentication = authentication
        self.integrity = integrity
        self.confidentiality = confidentiality
    }

    package init(_ suite: CipherSuite) {
        self.init(
            id: suite.id, authentication: [suite.authentication.rawValue],
            integrity: [suite.integrity.rawValue],
            confidentiality: [suite.confidentiality.rawValue])
    }

    private static let standardStart: UInt8 = 0xC0
    private static let oemStart: UInt8 = 0xC1

    /// Reads one record, up to the start of the next one.
    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> CipherSuiteRecord {
        let start: UInt8 = try buffer.take("cipher suite record's start")
        guard start == standardStart || start == oemStart else {
            throw .invalid("cipher suite record's start")
        }
        var record = CipherSuiteRecord(
            id: try buffer.take("cipher suite's number"), authentication: [], integrity: [],
            confidentiality: [])
        if start == oemStart {
            let bytes = try buffer.takeBytes("cipher suite's IANA number", count: 3)
            record.oem = UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16
        }
        // The two highest bits tell the kind of algorithm; both set begin the next record.
        while let tagged = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
            tagged & 0xC0 != 0xC0
        {
            buffer.moveReaderIndex(forwardBy: 1)
            switch tagged & 0xC0 {
            case 0x00: record.authentication.append(tagged & 0x3F)
            case 0x40: record.integrity.append(tagged & 0x3F)
            default: record.confidentiality.append(tagged & 0x3F)
            }
        }
        return record
    }

    /// Reads the records of a whole list; what follows a broken one is left out.
    package static func readAll(_ bytes: [UInt8]) -> [CipherSuiteRecord] {
        var buffer = ByteBuffer(bytes: bytes)
        var records: [CipherSuiteRecord] = []
        while let record = try? read(from: &buffer) { records.append(record) }
        return records
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([oem == nil ? Self.standardStart : Self.oemStart, id])
        if let oem {
            buffer.writeBytes((0..<3).map { UInt8(truncatingIfNeeded: oem >> ($0 * 8)) })
        }
        buffer.writeBytes(authentication.map { $0 & 0x3F })
        buffer.writeBytes(integrity.map { $0 & 0x3F | 0x40 })
        buffer.writeBytes(confidentiality.map { $0 & 0x3F | 0x80 })
    }
}
