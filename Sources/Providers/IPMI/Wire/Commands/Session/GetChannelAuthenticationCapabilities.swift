package import NIOCore

/// Asks how a session may be opened; needs none itself (IPMI v2.0 22.13).
package struct GetChannelAuthenticationCapabilities: IPMICommand {
    package static let function = NetworkFunction.application
    package static let code: UInt8 = 0x38
    package static let name = "get channel authentication capabilities"
    package static let privilege = PrivilegeLevel.callback

    /// The channel that the packet came over (IPMI v2.0 6.3).
    package static let thisChannel: UInt8 = 0x0E

    /// 4 bits.
    package var channel: UInt8
    /// What the session is to be opened for; the answer may depend on it.
    package var privilegeLevel: PrivilegeLevel
    /// Whether the answer is to tell about IPMI v2.0; BMCs of version 1.5 may refuse the question.
    package var wantsExtended: Bool

    package init(
        channel: UInt8 = thisChannel, privilegeLevel: PrivilegeLevel, wantsExtended: Bool = true
    ) {
        self.channel = channel
        self.privilegeLevel = privilegeLevel
        self.wantsExtended = wantsExtended
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetChannelAuthenticationCapabilities {
        let channel: UInt8 = try buffer.take("channel number")
        let level: UInt8 = try buffer.take("privilege level")
        guard let privilegeLevel = PrivilegeLevel(rawValue: level & 0x0F) else {
            throw .invalid("privilege level")
        }
        return GetChannelAuthenticationCapabilities(
            channel: channel & 0x0F, privilegeLevel: privilegeLevel,
            wantsExtended: channel & 0x80 != 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([
            channel & 0x0F | (wantsExtended ? 0x80 : 0), privilegeLevel.rawValue,
        ])
    }
}

extension GetChannelAuthenticationCapabilities {
    package struct Response: WireValue {
        /// The channel's number.
        package var channel: UInt8
        /// The authentication types of IPMI v1.5 (table 22-15, byte 3): bit 0 none, 1 MD2, 2 MD5,
        /// 4 plain password, 5 an OEM's.
        package var authenticationTypes: UInt8
        /// Whether ``speaksVersion2`` and ``speaksVersion1`` were told, and not guessed.
        package var isExtended: Bool
        /// Whether the BMC has a key of its own, K_G, that is not all zeros.
        package var hasBMCKey: Bool
        /// Whether packets within a session of IPMI v1.5 need no authentication.
        package var skipsMessageAuthentication: Bool
        /// Whether commands of the user level need no authentication, in IPMI v1.5.
        package var skipsUserLevelAuthentication: Bool
        /// Whether there are users that have a name.
        package var hasNamedUsers: Bool
        /// Whether there is a user without a name, but with a password.
        package var hasNullUser: Bool
        /// Whether there is a user with neither name nor password.
        package var hasAnonymousUser: Bool
        /// Whether RMCP+ sessions can be had.
        package var speaksVersion2: Bool
        /// Whether sessions of IPMI v1.5 can be had.
        package var speaksVersion1: Bool
        /// The IANA number of whoever defined the OEM's authentication type; 0 for none.
        package var oem: UInt32
        /// What the OEM's number says further.
        package var oemData: UInt8

        package init(
            channel: UInt8 = 1, authenticationTypes: UInt8 = 0, isExtended: Bool = true,
            hasBMCKey: Bool = false, skipsMessageAuthentication: Bool = false,
            skipsUserLevelAuthentication: Bool = false, hasNamedUsers: Bool = true,
            hasNullUser: Bool = false, hasAnonymousUser: Bool = false,
            speaksVersion2: Bool = true, speaksVersion1: Bool = false, oem: UInt32 = 0,
            oemData: UInt8 = 0
        ) {
            self.channel = channel
            self.authenticationTypes = authenticationTypes
            self.isExtended = isExtended
            self.hasBMCKey = hasBMCKey
            self.skipsMessageAuthentication = skipsMessageAuthentication
            self.skipsUserLevelAuthentication = skipsUserLevelAuthentication
            self.hasNamedUsers = hasNamedUsers
            self.hasNullUser = hasNullUser
            self.hasAnonymousUser = hasAnonymousUser
            self.speaksVersion2 = speaksVersion2
            self.speaksVersion1 = speaksVersion1
            self.oem = oem
            self.oemData = oemData
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            let channel: UInt8 = try buffer.take("channel number")
            let types: UInt8 = try buffer.take("authentication types")
            let status: UInt8 = try buffer.take("authentication status")
            // What a version 1.5 leaves out is 0.
            let extended = buffer.readInteger(as: UInt8.self) ?? 0
            let oem = buffer.readBytes(length: 3) ?? [0, 0, 0]
            let isExtended = types & 0x80 != 0
            return Response(
                channel: channel & 0x0F, authenticationTypes: types & 0x3F,
                isExtended: isExtended, hasBMCKey: status & 0x20 != 0,
                skipsMessageAuthentication: status & 0x10 != 0,
                skipsUserLevelAuthentication: status & 0x08 != 0,
                hasNamedUsers: status & 0x04 != 0, hasNullUser: status & 0x02 != 0,
                hasAnonymousUser: status & 0x01 != 0,
                speaksVersion2: isExtended && extended & 0x02 != 0,
                speaksVersion1: !isExtended || extended & 0x01 != 0,
                oem: UInt32(oem[0]) | UInt32(oem[1]) << 8 | UInt32(oem[2]) << 16,
                oemData: buffer.readInteger() ?? 0)
        }

        package func write(into buffer: inout ByteBuffer) {
            let flags = [
                hasAnonymousUser, hasNullUser, hasNamedUsers, skipsUserLevelAuthentication,
                skipsMessageAuthentication, hasBMCKey,
            ]
            let status = flags.enumerated().reduce(UInt8(0)) { status, flag in
                status | (flag.element ? 1 << flag.offset : 0)
            }
            let extended: UInt8 = (speaksVersion1 ? 0x01 : 0) | (speaksVersion2 ? 0x02 : 0)
            buffer.writeBytes([
                channel, authenticationTypes & 0x3F | (isExtended ? 0x80 : 0), status,
                isExtended ? extended : 0,
            ])
            buffer.writeBytes((0..<3).map { UInt8(truncatingIfNeeded: oem >> ($0 * 8)) })
            buffer.writeInteger(oemData)
        }
    }
}
