package import NIOCore

/// Proposes a session and the algorithms for it (IPMI v2.0 13.17).
package struct OpenSessionRequest: Hashable, Sendable {
    /// Comes back in the response.
    package var tag: UInt8
    /// Nil asks for the highest level that the suite allows.
    package var privilege: PrivilegeLevel?
    /// By which the BMC will address the console.
    package var consoleID: UInt32
    package var suite: CipherSuite

    package init(
        tag: UInt8, privilege: PrivilegeLevel? = nil, consoleID: UInt32, suite: CipherSuite
    ) {
        self.tag = tag
        self.privilege = privilege
        self.consoleID = consoleID
        self.suite = suite
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([tag, privilege?.rawValue ?? 0, 0, 0])
        buffer.put(consoleID)
        AlgorithmPayloads.write(suite, into: &buffer)
    }

    /// Throws `invalid` for algorithms that make up no known suite.
    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError)
        -> OpenSessionRequest
    {
        let tag: UInt8 = try buffer.take("message tag")
        let privilege: UInt8 = try buffer.take("privilege level")
        try buffer.skip("reserved", count: 2)
        let consoleID: UInt32 = try buffer.take("console's session ID")
        let suite = try AlgorithmPayloads.read(from: &buffer)
        return OpenSessionRequest(
            tag: tag, privilege: PrivilegeLevel(rawValue: privilege & 0x0F), consoleID: consoleID,
            suite: suite)
    }
}

/// The BMC's answer to an ``OpenSessionRequest`` (IPMI v2.0 13.18).
package struct OpenSessionResponse: Hashable, Sendable {
    package var tag: UInt8
    /// The most that the session may do; nil where it is refused. Some consoles check it.
    package var privilege: PrivilegeLevel?
    /// The request's; 0 if a refusal was read that ends with its status, as OpenIPMI's `ipmi_sim`
    /// sends them.
    package var consoleID: UInt32
    package var outcome: Outcome

    package init(
        tag: UInt8, privilege: PrivilegeLevel? = nil, consoleID: UInt32, outcome: Outcome
    ) {
        self.tag = tag
        self.privilege = privilege
        self.consoleID = consoleID
        self.outcome = outcome
    }

    package enum Outcome: Hashable, Sendable {
        case opened(bmcID: UInt32, CipherSuite)
        case refused(RMCPPlusStatus)
    }

    package func write(into buffer: inout ByteBuffer) {
        switch outcome {
        case .refused(let status):
            buffer.writeBytes([tag, status.rawValue, 0, 0])
            buffer.put(consoleID)
        case .opened(let bmcID, let suite):
            buffer.writeBytes([
                tag, RMCPPlusStatus.ok.rawValue, privilege?.rawValue ?? 0, 0,
            ])
            buffer.put(consoleID)
            buffer.put(bmcID)
            AlgorithmPayloads.write(suite, into: &buffer)
        }
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError)
        -> OpenSessionResponse
    {
        let tag: UInt8 = try buffer.take("message tag")
        let status = RMCPPlusStatus(rawValue: try buffer.take("status"))
        if status != .ok, buffer.readableBytes < 6 {
            return OpenSessionResponse(tag: tag, consoleID: 0, outcome: .refused(status))
        }
        let privilege: UInt8 = try buffer.take("privilege level")
        try buffer.skip("reserved", count: 1)
        let consoleID: UInt32 = try buffer.take("console's session ID")
        guard status == .ok else {
            return OpenSessionResponse(tag: tag, consoleID: consoleID, outcome: .refused(status))
        }
        let bmcID: UInt32 = try buffer.take("BMC's session ID")
        let suite = try AlgorithmPayloads.read(from: &buffer)
        return OpenSessionResponse(
            tag: tag, privilege: PrivilegeLevel(rawValue: privilege & 0x0F), consoleID: consoleID,
            outcome: .opened(bmcID: bmcID, suite))
    }
}

/// The three proposals of a session's algorithms (IPMI v2.0 13.17, table 13-9).
private enum AlgorithmPayloads {
    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> CipherSuite {
        var algorithms: [UInt8] = []
        for kind in UInt8(0)..<3 {
            guard try buffer.take("algorithm's kind", as: UInt8.self) == kind else {
                throw .invalid("algorithm's kind")
            }
            try buffer.skip("reserved", count: 2)
            // A length of 0 would leave the choice to the other side, which is not offered.
            guard try buffer.take("algorithm's length", as: UInt8.self) == 8 else {
                throw .invalid("algorithm's length")
            }
            algorithms.append(try buffer.take("algorithm", as: UInt8.self) & 0x3F)
            try buffer.skip("reserved", count: 3)
        }
        let suite = CipherSuite.known.first {
            $0.authentication.rawValue == algorithms[0] && $0.integrity.rawValue == algorithms[1]
                && $0.confidentiality.rawValue == algorithms[2]
        }
        guard let suite else { throw .invalid("algorithms") }
        return suite
    }

    static func write(_ suite: CipherSuite, into buffer: inout ByteBuffer) {
        let algorithms = [
            suite.authentication.rawValue, suite.integrity.rawValue, suite.confidentiality.rawValue,
        ]
        for (kind, algorithm) in algorithms.enumerated() {
            buffer.writeBytes([UInt8(kind), 0, 0, 8, algorithm, 0, 0, 0])
        }
    }
}
