/// How full the BMC's event log is and when it changed (IPMI v2.0 31.2).
package struct GetSELInfo: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x40
    package static let name = "get SEL info"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package init() {}

    package typealias Response = RecordStoreInfo
}
