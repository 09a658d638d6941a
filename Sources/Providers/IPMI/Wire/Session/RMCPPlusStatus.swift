/// How a step of opening a session ended (IPMI v2.0 13.24, table 13-15).
package struct RMCPPlusStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let ok = RMCPPlusStatus(rawValue: 0x00)
    package static let outOfResources = RMCPPlusStatus(rawValue: 0x01)
    package static let invalidSessionID = RMCPPlusStatus(rawValue: 0x02)
    package static let invalidAuthentication = RMCPPlusStatus(rawValue: 0x04)
    package static let invalidIntegrity = RMCPPlusStatus(rawValue: 0x05)
    package static let noMatchingAuthentication = RMCPPlusStatus(rawValue: 0x06)
    package static let noMatchingIntegrity = RMCPPlusStatus(rawValue: 0x07)
    package static let inactiveSessionID = RMCPPlusStatus(rawValue: 0x08)
    package static let invalidRole = RMCPPlusStatus(rawValue: 0x09)
    package static let unauthorisedRole = RMCPPlusStatus(rawValue: 0x0A)
    package static let outOfResourcesForRole = RMCPPlusStatus(rawValue: 0x0B)
    package static let invalidNameLength = RMCPPlusStatus(rawValue: 0x0C)
    package static let unauthorisedName = RMCPPlusStatus(rawValue: 0x0D)
    package static let unauthorisedGUID = RMCPPlusStatus(rawValue: 0x0E)
    package static let invalidIntegrityCheck = RMCPPlusStatus(rawValue: 0x0F)
    package static let invalidConfidentiality = RMCPPlusStatus(rawValue: 0x10)
    package static let noMatchingSuite = RMCPPlusStatus(rawValue: 0x11)
    package static let illegalParameter = RMCPPlusStatus(rawValue: 0x12)

    package var description: String {
        let number = "0x" + String(rawValue, radix: 16, uppercase: true)
        return Self.meanings[self].map { "\($0) (\(number))" } ?? number
    }

    private static let meanings: [RMCPPlusStatus: String] = [
        .ok: "no errors",
        .outOfResources: "out of session slots",
        .invalidSessionID: "session ID not known",
        .invalidAuthentication: "authentication algorithm not known",
        .invalidIntegrity: "integrity algorithm not known",
        .noMatchingAuthentication: "no matching authentication algorithm",
        .noMatchingIntegrity: "no matching integrity algorithm",
        .inactiveSessionID: "session ID not active",
        .invalidRole: "privilege level not known",
        .unauthorisedRole: "the user may not have this privilege level",
        .outOfResourcesForRole: "out of session slots for this privilege level",
        .invalidNameLength: "user name too long",
        .unauthorisedName: "user name not known",
        .unauthorisedGUID: "GUID not known",
        .invalidIntegrityCheck: "integrity check value not valid",
        .invalidConfidentiality: "confidentiality algorithm not known",
        .noMatchingSuite: "no cipher suite matches",
        .illegalParameter: "illegal parameter",
    ]
}
