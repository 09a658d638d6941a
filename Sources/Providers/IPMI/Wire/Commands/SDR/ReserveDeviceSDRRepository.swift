/// As ``ReserveSDRRepository``, of the records that a controller itself holds (IPMI v2.0 35.4).
package struct ReserveDeviceSDRRepository: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.sensor
    package static let code: UInt8 = 0x22
    package static let name = "reserve device SDR repository"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package typealias Response = RepositoryReservation

    package init() {}
}
