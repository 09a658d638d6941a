internal import Core
internal import IPMIWire

/// What the states of sensors mean, by kind of state, type of sensor and offset (IPMI v2.0 tables
/// 42-1 to 42-3), and how bad each is.
///
/// The specification grades just some. Critical is here what makes the machine fail or wrong, as
/// FreeIPMI 1.6 grades it by default (`freeipmi_interpret_sel.conf`), but for what the machine runs
/// on with, or what tells of its software or of a person: lost redundancy, predicted failures, a
/// disabled processor or memory module, an empty battery, an opened chassis, a crashed operating
/// system and a pressed NMI button are warnings.
enum EventCatalogue {
    /// Thresholds, as events and readings name the kind (IPMI v2.0 table 42-1).
    static let thresholds: UInt8 = 0x01
    /// The states that the type of sensor has of its own.
    static let sensorSpecific: UInt8 = 0x6F

    /// Nil if the state is a vendor's own, or none.
    static func meaning(
        sensorType: UInt8, eventType: UInt8, offset: UInt8
    ) -> EventMeaning? {
        let table: [EventMeaning]?
        switch eventType {
        case sensorSpecific: table = sensorStates[sensorType]
        case 0x03 where faultTypes.contains(sensorType): table = faultStates
        default: table = genericStates[eventType]
        }
        guard let table, table.indices.contains(Int(offset)) else { return nil }
        let meaning = table[Int(offset)]
        return meaning.text.isEmpty ? nil : meaning
    }

    /// As ``meaning(sensorType:eventType:offset:)``, with what an event's other bytes tell.
    static func meaning(of event: SystemEvent) -> EventMeaning? {
        if event.eventType == sensorSpecific, event.sensorType == 0x0F, event.data1 >> 6 == 3 {
            switch event.offset {
            case 0: return FirmwareProgress.error(event.data2)
            case 1: return .worst("system firmware hang" + FirmwareProgress.step(event.data2))
            case 2: return .normal("system firmware progress" + FirmwareProgress.step(event.data2))
            default: break
            }
        }
        return meaning(
            sensorType: event.sensorType, eventType: event.eventType, offset: event.offset)
    }

    /// What a type of sensor watches, for a sensor without a name (IPMI v2.0 table 42-3).
    static func name(ofType type: UInt8) -> String {
        if sensorTypes.indices.contains(Int(type)), type > 0 { return sensorTypes[Int(type)] }
        return type >= 0xC0 ? "OEM sensor" : "Sensor"
    }

    // Where an asserted state of no further meaning is a fault rather than a switch or a signal.
    private static let faultTypes: Set<UInt8> = [
        0x01, 0x02, 0x03, 0x04, 0x07, 0x08, 0x09, 0x0A, 0x0C, 0x13, 0x19,
    ]
    private static let faultStates: [EventMeaning] = [
        .normal("state deasserted"), .bad("state asserted"),
    ]

    private static let sensorTypes: [String] = [
        "Sensor", "Temperature", "Voltage", "Current", "Fan", "Chassis security",
        "Platform security", "Processor", "Power supply", "Power unit", "Cooling device",
        "Sensor", "Memory", "Drive slot", "POST memory resize", "System firmware",
        "Event log", "Watchdog", "System event", "Critical interrupt", "Button",
        "Module", "Microcontroller", "Add-in card", "Chassis", "Chip set", "FRU",
        "Cable", "Terminator", "System boot", "Boot error", "OS boot", "OS stop", "Slot",
        "ACPI power state", "Watchdog", "Platform alert", "Entity presence", "Monitor ASIC",
        "LAN", "Management subsystem", "Battery", "Session audit", "Version change", "FRU state",
    ]
}
