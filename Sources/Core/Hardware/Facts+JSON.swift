extension Facts {
    /// The facts as commands print them.
    public var json: JSON {
        [
            "Manufacturer": JSON(manufacturer), "Model": JSON(model),
            "SerialNumber": JSON(serialNumber), "UUID": JSON(uuid),
            "ServiceTag": JSON(serviceTag),
            "Processors": processorCount.map { JSON($0) } ?? .null,
            "ProcessorModel": JSON(processorModel),
            "Cores": coreCount.map { JSON($0) } ?? .null,
            "MemoryGiB": memoryGiB.map(JSON.real) ?? .null,
            "MACAddresses": .array(macAddresses.map(JSON.string)),
            "BIOSVersion": JSON(biosVersion), "BMCFirmwareVersion": JSON(bmcFirmwareVersion),
        ]
    }
}
