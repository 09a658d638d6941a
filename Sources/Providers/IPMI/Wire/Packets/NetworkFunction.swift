/// What a command is about (IPMI v2.0 5.1, table 5-1). Even numbers are requests, the odd ones after
/// them their responses.
package enum NetworkFunction: UInt8, Hashable, Sendable, CaseIterable {
    case chassis = 0x00
    case sensor = 0x04
    case application = 0x06
    case storage = 0x0A
    case transport = 0x0C
    /// Commands of a body named in the first data byte; DCMI's is 0xDC.
    case group = 0x2C
}
