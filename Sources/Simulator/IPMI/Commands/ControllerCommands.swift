internal import IPMIWire

/// What the BMC is.
enum ControllerCommands {
    static let handlers = [
        CommandHandler(GetDeviceID.self) { _, state, _ in state.deviceID },
        CommandHandler(GetSystemGUID.self, isBare: true) { _, state, _ in
            GetSystemGUID.Response(bytes: state.ipmi.end.guid ?? [])
        },
        // Get Self Test Results (IPMI v2.0 20.4): no error.
        CommandHandler(.application, 0x04) { _, _, _ in [0x55, 0] },
        // Cold Reset (IPMI v2.0 20.2): sessions end, the system runs on.
        CommandHandler(.application, 0x02, privilege: .administrator) { _, state, _ in
            state.ipmi.end.closeAll()
            return []
        },
    ]
}

extension BMCState {
    fileprivate var deviceID: GetDeviceID.Response {
        GetDeviceID.Response(
            firmwareMajor: 1, firmwareMinor: 0,
            capabilities: [.sensors, .sdrRepository, .eventLog, .fruInventory, .chassis],
            manufacturer: 0, product: 0)
    }
}
