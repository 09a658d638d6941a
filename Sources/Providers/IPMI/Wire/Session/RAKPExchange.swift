/// All that both sides know once RAKP 2 was sent, and what follows from it (IPMI v2.0 13.31).
package struct RAKPExchange: Hashable, Sendable {
    package var authentication: CipherSuite.Authentication
    package var consoleID: UInt32
    package var bmcID: UInt32
    /// 16 bytes each.
    package var consoleRandom: [UInt8]
    package var bmcRandom: [UInt8]
    package var bmcGUID: [UInt8]
    package var role: RAKP1.Role
    package var username: [UInt8]

    package init(
        authentication: CipherSuite.Authentication, consoleID: UInt32, bmcID: UInt32,
        consoleRandom: [UInt8], bmcRandom: [UInt8], bmcGUID: [UInt8], role: RAKP1.Role,
        username: [UInt8]
    ) {
        self.authentication = authentication
        self.consoleID = consoleID
        self.bmcID = bmcID
        self.consoleRandom = consoleRandom
        self.bmcRandom = bmcRandom
        self.bmcGUID = bmcGUID
        self.role = role
        self.username = username
    }

    /// The key exchange authentication code in RAKP 2 (IPMI v2.0 13.31).
    /// - Parameter userKey: K_UID, the password.
    package func rakp2Code(userKey: [UInt8]) -> [UInt8] {
        authentication.code(
            over: bytes(consoleID) + bytes(bmcID) + consoleRandom + bmcRandom + bmcGUID + user,
            key: userKey)
    }

    /// The key exchange authentication code in RAKP 3.
    package func rakp3Code(userKey: [UInt8]) -> [UInt8] {
        authentication.code(over: bmcRandom + bytes(consoleID) + user, key: userKey)
    }

    /// The integrity check value in RAKP 4, cut as the specification has it (IPMI v2.0 13.28.1 and
    /// 13.28.1b).
    package func rakp4Code(sessionKey: [UInt8]) -> [UInt8] {
        let code = authentication.code(
            over: consoleRandom + bytes(bmcID) + bmcGUID, key: sessionKey)
        return Array(code.prefix(authentication.checkLength))
    }

    /// SIK, the session integrity key.
    /// - Parameter bmcKey: K_G; where the BMC has none, the user's key stands in (IPMI v2.0 13.31).
    package func sessionKey(bmcKey: [UInt8]) -> [UInt8] {
        authentication.code(over: consoleRandom + bmcRandom + user, key: bmcKey)
    }

    private var user: [UInt8] {
        [role.byte, UInt8(truncatingIfNeeded: username.count)] + username
    }

    private func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
