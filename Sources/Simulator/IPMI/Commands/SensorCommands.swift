internal import Core
internal import IPMIWire

/// Sensors (IPMI v2.0 35) and the power reading (DCMI v1.5 6.6).
enum SensorCommands {
    static let handlers = [
        CommandHandler(GetSensorReading.self) { (command, state, _) throws(CommandRefusal) in
            _ = try sensor(command.sensor, of: state)
            return state.sensorReading(Int(command.sensor) - 1)
        },
        CommandHandler(GetSensorThresholds.self) { (command, state, _) throws(CommandRefusal) in
            let sensor = try sensor(command.sensor, of: state)
            guard sensor.hasThresholds else { throw CommandRefusal(.illegal) }
            return GetSensorThresholds.Response(sensor.thresholds)
        },
        CommandHandler(GetSensorHysteresis.self) { (command, state, _) throws(CommandRefusal) in
            let sensor = try sensor(command.sensor, of: state)
            guard sensor.hasThresholds else { throw CommandRefusal(.illegal) }
            return GetSensorHysteresis.Response(positive: 1, negative: 1)
        },
        CommandHandler(GetPowerReading.self) { _, state, context in
            let isOn = state.systems[BMCState.chassisSystem].power.reported == .on
            let watts = isOn ? state.fixture.hardware.watts : standbyWatts
            return GetPowerReading.Response(
                watts: watts, leastWatts: min(watts, standbyWatts), mostWatts: watts,
                averageWatts: watts, timestamp: context.now.time, period: 1_000)
        },
        // Get DCMI Capabilities Info (DCMI v1.5 6.1.1): version 1.5.
        CommandHandler(.group, 0x01) { (data, _, _) throws(CommandRefusal) in
            guard data.count >= 2 else { throw CommandRefusal(.invalidLength) }
            guard let capabilities = capabilities(data[1]) else {
                throw CommandRefusal(.outOfRange)
            }
            return [CommandHandler.dcmi, 1, 5, 2] + capabilities
        },
    ]

    /// What a system draws when it is off.
    private static let standbyWatts: UInt16 = 12

    // DCMI v1.5 table 6-3.
    private static func capabilities(_ parameter: UInt8) -> [UInt8]? {
        switch parameter {
        // Power management alone, over the LAN.
        case 1: [0, 0x01, 0x04]
        // The log's size, no asset tag, no sampling of temperatures.
        case 2: [UInt8(EventLog.capacity & 0xFF), UInt8(EventLog.capacity >> 8), 0, 0, 0]
        // The BMC itself manages the power.
        case 3: [LANRequest.bmcAddress, 0]
        // The primary channel alone.
        case 4: [SessionCommands.channel, 0xFF, 0xFF]
        // The present reading, and no average over a period.
        case 5: [0]
        default: nil
        }
    }

    private static func sensor(
        _ number: UInt8, of state: BMCState
    ) throws(CommandRefusal) -> SimulatedSensor {
        guard let sensor = state.fixture.hardware.sensor(number) else {
            throw CommandRefusal(.notPresent)
        }
        return sensor
    }
}
