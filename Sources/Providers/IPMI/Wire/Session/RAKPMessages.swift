package import NIOCore

/// The console names itself and sends its random number (IPMI v2.0 13.20).
package struct RAKP1: Hashable, Sendable {
    package var tag: UInt8
    package var bmcID: UInt32
    /// 16 bytes.
    package var consoleRandom: [UInt8]
    package var role: Role
    /// At most 16 bytes.
    package var username: [UInt8]

    package init(tag: UInt8, bmcID: UInt32, consoleRandom: [UInt8], role: Role, username: [UInt8]) {
        self.tag = tag
        self.bmcID = bmcID
        self.consoleRandom = consoleRandom
        self.role = role
        self.username = username
    }

    /// The requested privilege and how the user is looked up (IPMI v2.0 13.20, byte 25), as it
    /// goes into every authentication code.
    package struct Role: Hashable, Sendable {
        package var privilege: PrivilegeLevel
        /// Whether the name alone decides, and not name and privilege together: the first name in
        /// the BMC's table is then the user, as everybody expects.
        package var byNameOnly = true

        package init(privilege: PrivilegeLevel, byNameOnly: Bool = true) {
            self.privilege = privilege
            self.byNameOnly = byNameOnly
        }

        package var byte: UInt8 { privilege.rawValue | (byNameOnly ? 0x10 : 0) }
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([tag, 0, 0, 0])
        buffer.put(bmcID)
        buffer.writeBytes(consoleRandom)
        buffer.writeBytes([role.byte, 0, 0, UInt8(truncatingIfNeeded: username.count)])
        buffer.writeBytes(username)
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RAKP1 {
        let tag: UInt8 = try buffer.take("message tag")
        try buffer.skip("reserved", count: 3)
        let bmcID: UInt32 = try buffer.take("BMC's session ID")
        let random = try buffer.takeBytes("console's random number", count: 16)
        let role: UInt8 = try buffer.take("privilege level")
        guard let privilege = PrivilegeLevel(rawValue: role & 0x0F) else {
            throw .invalid("privilege level")
        }
        try buffer.skip("reserved", count: 2)
        let length: UInt8 = try buffer.take("user name's length")
        guard length <= 16 else { throw .invalid("user name's length") }
        return RAKP1(
            tag: tag, bmcID: bmcID, consoleRandom: random,
            role: Role(privilege: privilege, byNameOnly: role & 0x10 != 0),
            username: try buffer.takeBytes("user name", count: Int(length)))
    }
}

/// The BMC proves that it knows the user's password (IPMI v2.0 13.21).
package struct RAKP2: Hashable, Sendable {
    package var tag: UInt8
    package var consoleID: UInt32
    package var outcome: Outcome

    package init(tag: UInt8, consoleID: UInt32, outcome: Outcome) {
        self.tag = tag
        self.consoleID = consoleID
        self.outcome = outcome
    }

    package enum Outcome: Hashable, Sendable {
        /// `random` and `guid` have 16 bytes; `code` as many as the algorithm makes.
        case accepted(random: [UInt8], guid: [UInt8], code: [UInt8])
        case refused(RMCPPlusStatus)
    }

    package func write(into buffer: inout ByteBuffer) {
        switch outcome {
        case .refused(let status):
            RAKPHead(tag: tag, status: status, receiverID: consoleID).write(into: &buffer)
        case .accepted(let random, let guid, let code):
            RAKPHead(tag: tag, status: .ok, receiverID: consoleID).write(into: &buffer)
            buffer.writeBytes(random + guid + code)
        }
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RAKP2 {
        let head = try RAKPHead.read(from: &buffer)
        guard head.status == .ok else {
            return RAKP2(
                tag: head.tag, consoleID: head.receiverID, outcome: .refused(head.status))
        }
        let random = try buffer.takeBytes("BMC's random number", count: 16)
        let guid = try buffer.takeBytes("BMC's GUID", count: 16)
        let code = try buffer.takeBytes("authentication code", count: buffer.readableBytes)
        return RAKP2(
            tag: head.tag, consoleID: head.receiverID,
            outcome: .accepted(random: random, guid: guid, code: code))
    }
}

/// The console proves that it knows the password (IPMI v2.0 13.22).
package struct RAKP3: Hashable, Sendable {
    package var tag: UInt8
    /// Other than `ok`, it tells the BMC to drop the session that is being opened.
    package var status: RMCPPlusStatus = .ok
    package var bmcID: UInt32
    package var code: [UInt8]

    package init(tag: UInt8, status: RMCPPlusStatus = .ok, bmcID: UInt32, code: [UInt8]) {
        self.tag = tag
        self.status = status
        self.bmcID = bmcID
        self.code = code
    }

    package func write(into buffer: inout ByteBuffer) {
        RAKPHead(tag: tag, status: status, receiverID: bmcID).write(code, into: &buffer)
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RAKP3 {
        let head = try RAKPHead.read(from: &buffer)
        return RAKP3(
            tag: head.tag, status: head.status, bmcID: head.receiverID,
            code: try buffer.takeBytes("authentication code", count: buffer.readableBytes))
    }
}

/// The BMC proves that it has derived the same key; the session is open (IPMI v2.0 13.23).
package struct RAKP4: Hashable, Sendable {
    package var tag: UInt8
    package var status: RMCPPlusStatus = .ok
    package var consoleID: UInt32
    /// The integrity check value; 12 bytes with SHA-1, 16 with SHA-256.
    package var code: [UInt8]

    package init(tag: UInt8, status: RMCPPlusStatus = .ok, consoleID: UInt32, code: [UInt8]) {
        self.tag = tag
        self.status = status
        self.consoleID = consoleID
        self.code = code
    }

    package func write(into buffer: inout ByteBuffer) {
        RAKPHead(tag: tag, status: status, receiverID: consoleID).write(code, into: &buffer)
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RAKP4 {
        let head = try RAKPHead.read(from: &buffer)
        return RAKP4(
            tag: head.tag, status: head.status, consoleID: head.receiverID,
            code: try buffer.takeBytes("integrity check value", count: buffer.readableBytes))
    }
}

/// What RAKP 2, 3 and 4 begin with.
private struct RAKPHead {
    let tag: UInt8
    let status: RMCPPlusStatus
    /// By which the receiver knows the session.
    let receiverID: UInt32

    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RAKPHead {
        let tag: UInt8 = try buffer.take("message tag")
        let status = RMCPPlusStatus(rawValue: try buffer.take("status"))
        // A refusal may end with its status.
        if status != .ok, buffer.readableBytes < 6 {
            return RAKPHead(tag: tag, status: status, receiverID: 0)
        }
        try buffer.skip("reserved", count: 2)
        return RAKPHead(tag: tag, status: status, receiverID: try buffer.take("session ID"))
    }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([tag, status.rawValue, 0, 0])
        buffer.put(receiverID)
    }

    /// With what is proved; a refusal proves nothing.
    func write(_ code: [UInt8], into buffer: inout ByteBuffer) {
        write(into: &buffer)
        if status == .ok { buffer.writeBytes(code) }
    }
}
