internal import Core
internal import HTTPClient

/// The devices seen so far and the clients of their BMCs.
struct DeviceRegistry {
    private struct DeviceRecord {
        /// As it was when the record was made.
        let device: Device
        var links: SystemLinks?
        var settling: SettlingPower?
    }

    private struct BMCRecord {
        let gate = RequestGate()
        var clients: [RedfishClient.Access: RedfishClient] = [:]
        var devices: [String: RedfishClient.Access] = [:]
    }

    private let http: HTTPClient
    private let timeouts: RedfishTimeouts
    private var devices: [String: DeviceRecord] = [:]
    private var bmcs: [BMCAddress: BMCRecord] = [:]

    init(http: HTTPClient, timeouts: RedfishTimeouts) {
        self.http = http
        self.timeouts = timeouts
    }

    /// The client for a device's BMC and what is remembered of the device. A device whose address,
    /// system or credentials changed is a new one.
    mutating func enter(_ device: Device) -> (RedfishClient, SystemLinks?) {
        if let known = devices[device.name], !known.device.isSteeredLike(device) {
            forget(known.device)
        }
        let access = RedfishClient.Access(credentials: device.credentials, tls: device.tls)
        let address = BMCAddress(device.bmc)
        var bmc = bmcs[address] ?? BMCRecord()
        let client =
            bmc.clients[access]
            ?? RedfishClient(
                address: address, access: access, http: http, timeouts: timeouts, gate: bmc.gate)
        bmc.clients[access] = client
        bmc.devices[device.name] = access
        bmcs[address] = bmc
        let record = devices[device.name] ?? DeviceRecord(device: device)
        devices[device.name] = record
        return (client, record.links)
    }

    /// What is remembered of the device, unless it changed.
    func links(of device: Device) -> SystemLinks? {
        guard let known = devices[device.name], known.device.isSteeredLike(device) else {
            return nil
        }
        return known.links
    }

    /// Remembers (or, with nil, drops) the device's links, unless the device changed meanwhile.
    mutating func setLinks(_ links: SystemLinks?, of device: Device) {
        guard devices[device.name]?.device.isSteeredLike(device) == true else { return }
        devices[device.name]?.links = links
    }

    /// Remembers a power command that the BMC took; nil if one was taken after which any state is
    /// to be believed.
    mutating func setSettling(_ settling: SettlingPower?, of device: Device) {
        guard devices[device.name]?.device.isSteeredLike(device) == true else { return }
        devices[device.name]?.settling = settling
    }

    /// What the device's power state is, given what its BMC shows.
    mutating func settle(_ shown: PowerState, of device: Device, now: Duration) -> PowerState {
        guard let settling = devices[device.name]?.settling else { return shown }
        guard now < settling.end, shown != settling.wanted else {
            devices[device.name]?.settling = nil
            return shown
        }
        return settling.state(shown: shown)
    }

    /// Whether the BMC may still show the state before the last power command.
    func isSettling(_ device: Device, now: Duration) -> Bool {
        devices[device.name]?.settling.map { now < $0.end } ?? false
    }

    /// Drops the device, and its BMC's client with its last device.
    mutating func forget(_ device: Device) {
        guard let known = devices.removeValue(forKey: device.name)?.device else { return }
        let address = BMCAddress(known.bmc)
        guard var bmc = bmcs[address] else { return }
        if let access = bmc.devices.removeValue(forKey: device.name),
            !bmc.devices.values.contains(access)
        {
            bmc.clients[access] = nil
        }
        // While a request is out, the gate must stay the BMC's only one.
        bmcs[address] = bmc.devices.isEmpty && bmc.gate.isIdle ? nil : bmc
    }

    /// Drops everything.
    mutating func removeAll() {
        devices = [:]
        bmcs = [:]
    }

    /// How many devices and BMCs are held.
    var counts: (devices: Int, bmcs: Int) { (devices.count, bmcs.count) }
}

extension Device {
    /// Whether both are reached in the same way and are the same system there.
    fileprivate func isSteeredLike(_ other: Device) -> Bool {
        bmc == other.bmc && system == other.system && credentials == other.credentials
            && tls == other.tls
    }
}
