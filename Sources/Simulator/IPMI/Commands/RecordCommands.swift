internal import Core
internal import IPMIWire

/// The repository of sensor data records and the inventories (IPMI v2.0 33, 34).
enum RecordCommands {
    static let handlers = [
        CommandHandler(GetSDRRepositoryInfo.self) { _, state, _ in
            let hardware = state.fixture.hardware
            return GetSDRRepositoryInfo.Response(
                recordCount: UInt16(hardware.records.count),
                lastAddition: hardware.recordsTime, lastErase: hardware.recordsTime)
        },
        CommandHandler(ReserveSDRRepository.self) { _, state, _ in
            state.ipmi.recordReservation = state.ipmi.freshReservation()
            return RepositoryReservation(id: state.ipmi.recordReservation)
        },
        CommandHandler(GetSDR.self) { (command, state, _) throws(CommandRefusal) in
            try state.part(command.part)
        },
        CommandHandler(GetFRUInventoryAreaInfo.self) {
            (command, state, _) throws(CommandRefusal) in
            guard command.device == 0 else { throw CommandRefusal(.notPresent) }
            return GetFRUInventoryAreaInfo.Response(size: UInt16(state.inventory.count))
        },
        CommandHandler(ReadFRUData.self) { (command, state, _) throws(CommandRefusal) in
            guard command.device == 0 else { throw CommandRefusal(.notPresent) }
            let inventory = state.inventory
            guard Int(command.offset) < inventory.count else { throw CommandRefusal(.outOfRange) }
            let count = try state.readable(command.count)
            let data = Array(inventory.dropFirst(Int(command.offset)).prefix(count))
            return ReadFRUData.Response(count: UInt8(data.count), data: data)
        },
    ]
}

extension BMCState {
    /// How many bytes a read may return.
    fileprivate func readable(_ count: UInt8) throws(CommandRefusal) -> Int {
        let limit = settings.configuration.ipmi.readLimit
        guard Int(count) <= limit else { throw CommandRefusal(.cannotReturnThatMany) }
        return Int(count)
    }

    fileprivate func part(_ part: RecordPart) throws(CommandRefusal) -> RecordPartResponse {
        let records = fixture.hardware.records
        let index: Int =
            switch part.recordID {
            case RecordPart.first: 0
            case RecordPart.end: records.count - 1
            default: Int(part.recordID) - 1
            }
        guard records.indices.contains(index) else { throw CommandRefusal(.notPresent) }
        guard part.offset == 0 || part.reservation == ipmi.recordReservation else {
            throw CommandRefusal(.reservationCancelled)
        }
        let rest = records[index].dropFirst(Int(part.offset))
        guard !rest.isEmpty else { throw CommandRefusal(.outOfRange) }
        // 0xFF is all; what fits is returned, though more was asked for.
        let count = try readable(UInt8(min(Int(part.count), rest.count)))
        return RecordPartResponse(
            nextRecordID: index + 1 < records.count ? UInt16(index + 2) : RecordPart.end,
            data: Array(rest.prefix(count)))
    }

    /// What the system's inventory holds, made of what Redfish shows.
    fileprivate var inventory: [UInt8] {
        let resource = fixture.resource(at: fixture.systems[Self.chassisSystem].path)
        let system = resource.flatMap { json(of: $0) }
        func text(_ key: String) -> String? { system?[key]?.string }
        let recorded = SystemIdentity(serialNumber: text("SerialNumber")).serialNumber
        let serialNumber = recorded ?? Identity.serialNumber(device: firstDevice)
        return FRUInventory(
            chassis: FRUChassis(
                type: 0x17, partNumber: fixture.hardware.chassisPartNumber,
                serialNumber: serialNumber),
            board: FRUBoard(
                // 2026-01-01.
                minutesSince1996: 15_779_520, manufacturer: text("Manufacturer"),
                productName: text("Model"), serialNumber: serialNumber,
                partNumber: text("PartNumber")),
            product: FRUProduct(
                manufacturer: text("Manufacturer"), name: text("Model"),
                partNumber: text("SKU") ?? text("PartNumber"), serialNumber: serialNumber,
                assetTag: text("AssetTag"))
        ).bytes
    }
}
