internal import Core
internal import IPMIWire

/// What the sensors show now, and what the log hears of it.
extension BMCState {
    /// What the health that was set looks like.
    var sensorFault: SensorFault? {
        let system = systems[Self.chassisSystem]
        return SensorFault(
            system.health, reason: system.healthReason, in: fixture.hardware.sensors)
    }

    func sensorReading(_ index: Int) -> GetSensorReading.Response {
        guard let reading = reading(of: index, fault: sensorFault) else {
            return GetSensorReading.Response(reading: 0, isUnavailable: true, states: 0)
        }
        let sensor = fixture.hardware.sensors[index]
        return GetSensorReading.Response(
            reading: sensor.hasThresholds ? sensor.raw(reading) : 0,
            states: sensor.states(at: reading))
    }

    /// Sets the health of a system; sensors show it, and the log gets the events.
    mutating func setHealth(
        _ health: SimulatedHealth, reason: String?, of system: Int, at now: IPMIMoment
    ) {
        let before = sensorFault
        systems[system].setHealth(health, reason: reason)
        guard system == Self.chassisSystem else { return }
        let after = sensorFault
        for index in Set([before?.sensor, after?.sensor].compactMap(\.self)).sorted() {
            log(index, from: before, to: after, at: logTime(at: now))
        }
    }

    /// What is wrong, as the chassis status sums it up.
    var chassisFaults: (power: GetChassisStatus.PowerFaults, rest: GetChassisStatus.Conditions) {
        guard let fault = sensorFault, systems[Self.chassisSystem].health == .critical else {
            return ([], [])
        }
        let isSupply = fixture.hardware.sensors[fault.sensor].kind == .powerSupply
        return isSupply ? (.fault, []) : ([], .coolingFault)
    }

    private func reading(of index: Int, fault: SensorFault?) -> Double? {
        if let fault, fault.sensor == index { return fault.reading }
        let sensor = fixture.hardware.sensors[index]
        let isOff = systems[Self.chassisSystem].power.reported == .off
        return sensor.needsPower && isOff ? nil : sensor.reading
    }

    private mutating func log(
        _ index: Int, from before: SensorFault?, to after: SensorFault?, at time: IPMITimestamp
    ) {
        let sensor = fixture.hardware.sensors[index]
        let readings = (reading(of: index, fault: before), reading(of: index, fault: after))
        let earlier = readings.0.map(sensor.states) ?? 0
        let later = readings.1.map(sensor.states) ?? 0
        for bit in 0..<UInt8(16) where (earlier ^ later) & 1 << UInt16(bit) != 0 {
            var event = SystemEvent(
                time: time, sensorType: sensor.type, sensor: UInt8(index + 1),
                isDeassertion: later & 1 << UInt16(bit) == 0, eventType: sensor.eventType,
                data1: bit)
            if let threshold = SensorThreshold(rawValue: bit), sensor.hasThresholds {
                // The reading and the threshold follow (IPMI v2.0 table 29-6).
                event.data1 = 0x50 | threshold.eventOffset
                event.data2 = sensor.raw(readings.1 ?? 0)
                event.data3 = sensor.thresholds[threshold] ?? 0
            }
            ipmi.log.add(event)
        }
    }
}
