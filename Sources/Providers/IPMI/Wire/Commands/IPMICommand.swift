package import NIOCore

/// A value that travels: a command's data, a response's, a record.
package protocol WireValue: Hashable, Sendable {
    /// Takes what the value needs from `buffer`; what follows it stays there, since BMCs of later
    /// versions append.
    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Self

    func write(into buffer: inout ByteBuffer)
}

/// What one asks a BMC for. The value is the request's data, its `Response` what follows the
/// completion code `ok`; both can be read and written, for the simulator is the other end.
package protocol IPMICommand: WireValue {
    associatedtype Response: WireValue

    static var function: NetworkFunction { get }
    /// The command's number within its network function (IPMI v2.0 appendix G).
    static var code: UInt8 { get }
    /// What is done, as an error says it: `chassis control`.
    static var name: String { get }
    /// The privilege that it takes (IPMI v2.0 appendix G).
    static var privilege: PrivilegeLevel { get }
    /// Whether asking twice does no more than asking once, so that it may be sent again after
    /// silence even where the BMC may have carried it out.
    static var isRepeatable: Bool { get }
    /// Whether there are BMCs that don't know it, some of which say nothing to it.
    static var isOptional: Bool { get }
    /// What a BMC may know of the command while it does not know the rest of it: how many bytes are
    /// asked for, the parameter, the sensor.
    var variant: UInt16 { get }
    /// Whether another command tells in a moment that this one was carried out, so that its silence
    /// need not be waited out. Only of interest where it is not repeatable.
    var isSeenInStatus: Bool { get }
    /// The logical unit of the BMC that is spoken to; 0 but for sensors with other owners.
    var lun: UInt8 { get }
}

extension IPMICommand {
    package static var isRepeatable: Bool { true }
    package static var isOptional: Bool { false }
    package var variant: UInt16 { 0 }
    package var isSeenInStatus: Bool { false }
    package var lun: UInt8 { 0 }
}

/// A value without any data, as of a command that only asks.
package protocol EmptyWireValue: WireValue {
    init()
}

extension EmptyWireValue {
    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Self {
        Self()
    }

    package func write(into buffer: inout ByteBuffer) {}
}

/// No data.
package struct Nothing: EmptyWireValue {
    package init() {}
}
