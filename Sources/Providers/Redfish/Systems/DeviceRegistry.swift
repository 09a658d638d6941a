internal import Core
internal import HTTPClient

/// The devices seen so far, and the clients of and sessions with their BMCs.
struct DeviceRegistry {
    private struct DeviceRecord {
        /// As it was when the record was made.
        let device: Device
        var links: SystemLinks?
        /// What is to be booted from each time, where the BMC has to be told each time.
        var repeatedBoot: BootOverride?
        /// Where boot settings are changed, if that is not the system itself.
        var bootPlace: String?
        /// What was said to be critical when it was last told of.
        var criticalPlaces: Set<String> = []
        /// Under way while the system is looked for.
        var search: SystemSearch?
    }

    private struct BMCRecord {
        let line: BMCLine
        var clients: [RedfishClient.Access: RedfishClient] = [:]
        var sessions: [Credentials: BMCSession] = [:]
        var devices: [String: RedfishClient.Access] = [:]

        func needsSession(of credentials: Credentials) -> Bool {
            devices.values.contains { $0.credentials == credentials }
        }
    }

    /// A search for a device's system that all who need it share.
    typealias SystemSearch = SharedTask<Result<ComputerSystem, RedfishFailure>>

    private let http: HTTPClient
    private let timeouts: RedfishTimeouts
    private let time: any TimeSource
    private let throttle: LoginThrottle
    private var devices: [String: DeviceRecord] = [:]
    private var bmcs: [BMCAddress: BMCRecord] = [:]
    private var unwanted: [BMCSession] = []

    init(http: HTTPClient, timeouts: RedfishTimeouts, time: any TimeSource) {
        self.http = http
        self.timeouts = timeouts
        self.time = time
        throttle = LoginThrottle(time: time)
    }

    /// The client for a device's BMC and what is remembered of the device. A device whose address,
    /// system or credentials changed is a new one.
    mutating func enter(_ device: Device) -> (RedfishClient, SystemLinks?) {
        if let known = devices[device.name], !known.device.isSteeredLike(device) {
            forget(known.device)
        }
        let access = RedfishClient.Access(
            credentials: device.credentials, tls: device.tls, timeout: device.timeout)
        let address = BMCAddress(device.bmc)
        var bmc = bmcs[address] ?? BMCRecord(line: BMCLine(address: address))
        let client = bmc.clients[access] ?? makeClient(address, access, &bmc)
        bmc.clients[access] = client
        bmc.devices[device.name] = access
        bmcs[address] = bmc
        let record = devices[device.name] ?? DeviceRecord(device: device)
        devices[device.name] = record
        return (client, record.links)
    }

    private func makeClient(
        _ address: BMCAddress, _ access: RedfishClient.Access, _ bmc: inout BMCRecord
    ) -> RedfishClient {
        var timeouts = timeouts
        if let timeout = access.timeout {
            timeouts.request = timeout
            timeouts.stall = max(timeouts.stall, min(timeout, .seconds(60)))
        }
        let transport = BMCTransport(
            line: bmc.line, http: http, tls: access.tls, timeouts: timeouts, time: time)
        guard !access.credentials.username.isEmpty else {
            return RedfishClient(address: address, transport: transport, session: nil)
        }
        let session =
            bmc.sessions[access.credentials]
            ?? BMCSession(
                credentials: access.credentials, address: address, throttle: throttle, time: time)
        bmc.sessions[access.credentials] = session
        return RedfishClient(address: address, transport: transport, session: session)
    }

    /// What is remembered of the device, unless it changed.
    func links(of device: Device) -> SystemLinks? {
        record(of: device)?.links
    }

    /// Remembers (or, with nil, drops) the device's links, unless the device changed meanwhile.
    mutating func setLinks(_ links: SystemLinks?, of device: Device) {
        guard record(of: device) != nil else { return }
        devices[device.name]?.links = links
    }

    /// What has to be set anew before each boot; nil if nothing.
    func repeatedBoot(of device: Device) -> BootOverride? {
        record(of: device)?.repeatedBoot
    }

    mutating func setRepeatedBoot(_ boot: BootOverride?, of device: Device) {
        guard record(of: device) != nil else { return }
        devices[device.name]?.repeatedBoot = boot
    }

    /// Where the device's boot settings were changed last, if not in the system itself.
    func bootPlace(of device: Device) -> String? { record(of: device)?.bootPlace }

    mutating func setBootPlace(_ place: String?, of device: Device) {
        guard record(of: device) != nil else { return }
        devices[device.name]?.bootPlace = place
    }

    /// Takes in what a look tells of the device's health, by what that is of.
    /// - Returns: what was critical when it was last told of, and is not told of now.
    mutating func note(_ verdicts: [String: Health], of device: Device) -> [String] {
        guard var places = record(of: device)?.criticalPlaces else { return [] }
        let silent = places.subtracting(verdicts.keys).sorted()
        for (place, health) in verdicts {
            if health == .critical { places.insert(place) } else { places.remove(place) }
        }
        devices[device.name]?.criticalPlaces = places
        return silent
    }

    /// The search for the device's system that is under way, unless the device changed.
    func search(for device: Device) -> SystemSearch? {
        record(of: device)?.search
    }

    mutating func setSearch(_ search: SystemSearch?, for device: Device) {
        guard record(of: device) != nil else { return }
        devices[device.name]?.search = search
    }

    private func record(of device: Device) -> DeviceRecord? {
        devices[device.name].flatMap { $0.device.isSteeredLike(device) ? $0 : nil }
    }

    /// Drops the device, and its BMC's client with its last device. A session that nobody needs
    /// any more is for ``takeUnwanted()``.
    mutating func forget(_ device: Device) {
        guard let known = devices.removeValue(forKey: device.name)?.device else { return }
        let address = BMCAddress(known.bmc)
        guard var bmc = bmcs[address] else { return }
        if let access = bmc.devices.removeValue(forKey: device.name) {
            if !bmc.devices.values.contains(access) { bmc.clients[access] = nil }
            if !bmc.needsSession(of: access.credentials),
                let session = bmc.sessions[access.credentials]
            {
                unwanted.append(session)
            }
        }
        bmcs[address] = bmc
        tidy(address)
    }

    /// The sessions that nobody needs, to be closed and then given to ``release(_:)``.
    mutating func takeUnwanted() -> [BMCSession] {
        defer { unwanted = [] }
        return unwanted
    }

    /// Drops a session that was closed, unless a device needs it again. False if it has been
    /// opened meanwhile by somebody who was late.
    mutating func release(_ session: BMCSession) -> Bool {
        guard var bmc = bmcs[session.address], bmc.sessions[session.credentials] === session,
            !bmc.needsSession(of: session.credentials)
        else { return true }
        guard session.retire() else { return false }
        bmc.sessions[session.credentials] = nil
        bmcs[session.address] = bmc
        tidy(session.address)
        return true
    }

    // While a request is out, the gate must stay the BMC's only one; a session is held until it is
    // closed.
    private mutating func tidy(_ address: BMCAddress) {
        guard let bmc = bmcs[address], bmc.devices.isEmpty, bmc.sessions.isEmpty,
            bmc.line.gate.isIdle
        else { return }
        bmcs[address] = nil
    }

    /// Drops everything, and returns all sessions.
    mutating func removeAll() -> [BMCSession] {
        defer {
            devices = [:]
            bmcs = [:]
            unwanted = []
        }
        return bmcs.values.flatMap(\.sessions.values)
    }

    /// How many devices and BMCs are held.
    var counts: (devices: Int, bmcs: Int) { (devices.count, bmcs.count) }
}

extension Device {
    /// Whether both are reached in the same way and are the same system there.
    fileprivate func isSteeredLike(_ other: Device) -> Bool {
        bmc == other.bmc && system == other.system && credentials == other.credentials
            && tls == other.tls && timeout == other.timeout
    }
}
