/// What a machine is made of. A nil means that the BMC does not say. Of texts the first 200 bytes are
/// kept, of addresses the first 64.
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
        self.manufacturer = manufacturer?.cut(to: 200)
        self.model = model?.cut(to: 200)
        self.serialNumber = serialNumber?.cut(to: 200)
        self.uuid = uuid?.cut(to: 200)
        self.serviceTag = serviceTag?.cut(to: 200)
        self.processorCount = processorCount
        self.processorModel = processorModel?.cut(to: 200)
        self.coreCount = coreCount
        self.memoryGiB = memoryGiB
        self.macAddresses = macAddresses.prefix(64).map { $0.cut(to: 200) }
        self.biosVersion = biosVersion?.cut(to: 200)
        self.bmcFirmwareVersion = bmcFirmwareVersion?.cut(to: 200)
    }
}
