internal import IPMIWire

/// BMCs that mark readings as not scanned that are good: Dell's 11th generation, Fujitsu's
/// (freeipmi's workaround `ignore-scanning-disabled`).
extension GetSensorReading.Response {
    /// Whether the reading says something: the BMC looks at the sensor, or is to look at it by the
    /// sensor's record, and tells a reading that is more than the zeros of a sensor not looked at.
    func isGood(of sensor: Sensor) -> Bool {
        guard !isUnavailable else { return false }
        return isScanned || isGoodThoughNotScanned(of: sensor)
    }

    func isGoodThoughNotScanned(of sensor: Sensor) -> Bool {
        guard !isScanned, !isUnavailable, sensor.isScannedByRecord, let states else { return false }
        return sensor.conversion == nil ? states & 0x7FFF != 0 : reading != 0
    }
}
