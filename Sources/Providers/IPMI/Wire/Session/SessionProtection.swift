package import NIOCore

/// The protection of packets once a session is open, at either end (IPMI v2.0 13.28.4, 13.29).
package struct SessionProtection: Sendable {
    private let suite: CipherSuite
    private let keys: SessionKeys
    private let ownID: UInt32
    package let peerID: UInt32
    private var lastSent: UInt32 = 0
    private var received = SequenceWindow()

    /// - Parameters:
    ///   - ownID: the session's ID that stands in packets to this end.
    ///   - peerID: the session's ID that stands in packets to the other end.
    package init(suite: CipherSuite, keys: SessionKeys, ownID: UInt32, peerID: UInt32) {
        self.suite = suite
        self.keys = keys
        self.ownID = ownID
        self.peerID = peerID
    }

    /// A message as the datagram to send.
    /// - Parameter vector: 16 random bytes.
    /// - Throws: if `vector` has another length.
    package mutating func seal(
        _ message: [UInt8], vector: [UInt8]
    ) throws(CipherError) -> [UInt8] {
        let payload = try suite.confidentiality.seal(
            message, key: keys.confidentiality, vector: vector)
        // 0 stands for packets outside of sessions.
        lastSent = lastSent == .max ? 1 : lastSent + 1
        let packet = RMCPPlusPacket(
            payloadType: .ipmi, isEncrypted: suite.confidentiality != .none, sessionID: peerID,
            sequence: lastSent, payload: payload)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        if suite.integrity == .none {
            packet.write(into: &buffer)
        } else {
            packet.write(into: &buffer) { suite.integrity.code(over: $0, key: keys.integrity) }
        }
        return buffer.unread
    }

    /// The message in what stands behind the RMCP header.
    /// - Throws: if the packet is not protected as agreed, not authentic, or was taken before.
    package mutating func open(_ buffer: inout ByteBuffer) throws(IPMIWireError) -> [UInt8] {
        let packet = try RMCPPlusPacket.read(
            from: &buffer, codeLength: suite.integrity.codeLength)
        guard packet.payloadType == .ipmi, packet.sessionID == ownID else {
            throw .invalid("session ID")
        }
        // What is less protected than agreed was not sent by the other end.
        guard packet.isEncrypted == (suite.confidentiality != .none) else {
            throw .notAuthentic("encryption")
        }
        if suite.integrity != .none {
            guard let seal = packet.seal,
                isSame(seal.code, suite.integrity.code(over: seal.covered, key: keys.integrity))
            else { throw .notAuthentic("authentication code") }
        }
        guard received.admit(packet.sequence) else { throw .invalid("session sequence number") }
        return try suite.confidentiality.open(packet.payload, key: keys.confidentiality)
    }
}
