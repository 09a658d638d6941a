/// A place in a recorded resource whose value is a BMC's own.
enum Slot: Sendable, Hashable {
    /// `PowerState` of a system, by its index.
    case power(Int)
    /// `Status` of a system.
    case status(Int)
    /// `Boot` of a system.
    case boot(Int)
    /// `@odata.etag` of a system.
    case etag(Int)
    /// `AssetTag` or `HostName` of a system: the device's name.
    case deviceName(Int)
    /// `SerialNumber` of a system, wherever it is repeated.
    case serialNumber(Int)
    /// Dell's service tag of a system, wherever it is repeated.
    case serviceTag(Int)
    /// A `UUID`, by its number within the fixture, written as it was recorded.
    case uuid(Int, isHyphenated: Bool, isUpperCase: Bool)
    /// A MAC address, by its number within the fixture.
    case mac(Int, upperCase: Bool)
}
