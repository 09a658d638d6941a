/// What an RMCP+ packet carries (IPMI v2.0 13.27.3, table 13-16).
package enum PayloadType: UInt8, Hashable, Sendable, CaseIterable {
    case ipmi = 0x00
    case openSessionRequest = 0x10
    case openSessionResponse = 0x11
    case rakp1 = 0x12
    case rakp2 = 0x13
    case rakp3 = 0x14
    case rakp4 = 0x15
}
