/// Asks for a number that stays valid until the log changes under the reader (IPMI v2.0 31.4).
/// Reading whole entries takes none.
package struct ReserveSEL: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x42
    package static let name = "reserve SEL"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package typealias Response = RepositoryReservation

    package init() {}
}
