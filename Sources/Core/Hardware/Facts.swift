/// What a machine is made of. A nil means that the BMC does not say.
public struct Facts: Sendable, Hashable {
    public var manufacturer: String?
    public var model: String?
    public var serialNumber: String?
    /// The system's UUID (SMBIOS type 1), lower case.
    public var uuid: String?
    /// Dell's service tag; nil for other vendors.
    public var serviceTag: String?
    /// The number of processor sockets in use.
    public var processorCount: Int?
    public var processorModel: String?
    /// The number of cores of all processors together.
    public var coreCount: Int?
    /// The memory in GiB.
    public var memoryGiB: Double?
    /// The MAC addresses, lower case with colons, without repetition.
    public var macAddresses: [String]
    public var biosVersion: String?
    public var bmcFirmwareVersion: String?

    public init(
        manufacturer: String? = nil, model: String? = nil, serialNumber: String? = nil,
        uuid: String? = nil, serviceTag: String? = nil, processorCount: Int? = nil,
        processorModel: String? = nil,
        coreCount: Int? = nil, memoryGiB: Double? = nil, macAddresses: [String] = [],
        biosVersion: String? = nil, bmcFirmwareVersion: String? = nil
    ) {
        self.manufacturer = manufacturer
        self.model = model
        self.serialNumber = serialNumber
        self.uuid = uuid
        self.serviceTag = serviceTag
        self.processorCount = processorCount
        self.processorModel = processorModel
        self.coreCount = coreCount
        self.memoryGiB = memoryGiB
        self.macAddresses = macAddresses
        self.biosVersion = biosVersion
        self.bmcFirmwareVersion = bmcFirmwareVersion
    }
}
