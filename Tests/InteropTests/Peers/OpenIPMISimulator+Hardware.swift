extension OpenIPMISimulator {
    /// What the simulator is told of sensors, event log and inventory: commands of `ipmi_sim_cmd(5)`,
    /// with records made by hand from the tables of IPMI v2.0 and the Platform Management FRU
    /// Information Storage Definition 1.0.
    enum Hardware {
        static let temperature = "CPU Temp"
        static let supply = "PSU 1"

        static func commands(celsius: UInt8) -> String {
            let fru = inventory
            return """
                mc_setbmc 0x20
                mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
                sel_enable 0x20 1000 0x0a
                sensor_add 0x20 0 1 0x01 0x01
                sensor_set_threshold 0x20 0 1 settable 111000 0x60 0x50 0x46 0 0 0
                \(support(1, "000111111000000"))
                sensor_set_value 0x20 0 1 \(celsius) 0
                sensor_add 0x20 0 2 0x08 0x6f
                \(support(2, "000000000001111"))
                sensor_set_bit 0x20 0 2 0 1 0
                main_sdr_add 0x20 \(text(temperatureRecord))
                main_sdr_add 0x20 \(text(supplyRecord))
                main_sdr_add 0x20 \(text(inventoryRecord))
                mc_add_fru_data 0x20 0 \(fru.count) data \(text(fru))
                mc_enable 0x20

                """
        }

        private static func support(_ sensor: Int, _ states: String) -> String {
            "sensor_set_event_support 0x20 0 \(sensor) enable scanning per-state "
                + "\(states) \(states) \(states) \(states)"
        }

        private static func text(_ bytes: [UInt8]) -> String {
            bytes.map { "0x" + String($0, radix: 16) }.joined(separator: " ")
        }

        // MARK: Sensor data records (IPMI v2.0 43)

        /// A full record (43.1): degrees Celsius as they are, upper thresholds of 70, 80 and 96.
        private static var temperatureRecord: [UInt8] {
            record(
                1, type: 0x01,
                [0x20, 0, 1, 3, 1, 0x7F, 0x68, 0x01, 0x01, 0x80, 0x0A, 0x80, 0x7A, 0x38, 0x38]
                    + [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 40, 60, 10, 0xFF, 0]
                    + [0x60, 0x50, 0x46, 0, 0, 0, 2, 2, 0, 0, 0], name: temperature)
        }

        /// A compact record (43.2): the states of a power supply.
        private static var supplyRecord: [UInt8] {
            record(
                2, type: 0x02,
                [0x20, 0, 2, 10, 1, 0x67, 0x40, 0x08, 0x6F, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0xC0, 0, 0]
                    + [1, 0, 0, 0, 0, 0, 0, 0], name: supply)
        }

        /// A FRU device locator (43.8): the BMC's own device 0.
        private static var inventoryRecord: [UInt8] {
            record(3, type: 0x11, [0x20, 0, 0x80, 0, 0, 0x10, 0, 7, 1, 0], name: "Main FRU")
        }

        private static func record(
            _ number: UInt8, type: UInt8, _ body: [UInt8], name: String
        ) -> [UInt8] {
            let rest = body + string(name)
            return [number, 0, 0x51, type, UInt8(rest.count)] + rest
        }

        // MARK: The inventory

        /// Chassis, board and product areas behind the common header.
        private static var inventory: [UInt8] {
            let chassis = area([1, 0, 0x17], ["CHS-1", "SN-CHASSIS"])
            let board = area([1, 0, 0x19, 0, 0, 0], ["Peer Works", "Board X", "SN-BOARD", "PN-B"])
            let product = area(
                [1, 0, 0x19],
                ["Peer Works", "Server X", "PN-1", "1.0", "SN-PRODUCT", "ASSET-7"])
            let second = UInt8(1 + chassis.count / 8)
            let third = second + UInt8(board.count / 8)
            return closed([1, 0, 1, second, third, 0, 0]) + chassis + board + product
        }

        private static func area(_ head: [UInt8], _ fields: [String]) -> [UInt8] {
            var bytes = head + fields.flatMap(string) + [0xC1]
            while (bytes.count + 1) % 8 != 0 { bytes.append(0) }
            bytes[1] = UInt8((bytes.count + 1) / 8)
            return closed(bytes)
        }

        private static func closed(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [0 &- bytes.reduce(0, &+)]
        }

        /// Eight-bit characters behind their type and length.
        private static func string(_ text: String) -> [UInt8] {
            [0xC0 | UInt8(text.utf8.count)] + text.utf8
        }
    }
}
