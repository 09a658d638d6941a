/// How many sensor data records the BMC's repository holds and when it changed (IPMI v2.0 33.9).
package struct GetSDRRepositoryInfo: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x20
    package static let name = "get SDR repository info"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package init() {}

    package typealias Response = RecordStoreInfo
}
