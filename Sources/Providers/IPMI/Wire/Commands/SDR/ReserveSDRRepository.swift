/// Asks for a number that stays valid until the repository's records change under the reader (IPMI
/// v2.0 33.11).
package struct ReserveSDRRepository: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x22
    package static let name = "reserve SDR repository"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package typealias Response = RepositoryReservation

    package init() {}
}
