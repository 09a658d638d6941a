public import Logging

/// Listens to all BMCs that report events by themselves, one connection a BMC, and has the
/// synchroniser look at those that do.
public actor EventListening {
    /// What a connection depends on; if it changes, there is another one.
    private struct Ear: Hashable {
        let device: String
        let provider: String
        let bmc: String
        let credentials: Credentials
        let tls: TLSTrust

        init(_ device: Device) {
            self.device = device.name
            provider = device.provider
            bmc = device.bmc
            credentials = device.credentials
            tls = device.tls
        }
    }

    /// The pause between the first attempts at two BMCs: a thousand are not connected to at once.
    static let step: Duration = .milliseconds(5)

    private let sources: [String: any EventSource]
    private let limit: Int
    private let synchroniser: Synchroniser
    private let time: any TimeSource
    private let logger: Logger
    private let inventories: AsyncStream<[Device]>
    private nonisolated let update: AsyncStream<[Device]>.Continuation
    private var ears: [Ear: Task<Void, Never>] = [:]

    /// - Parameters:
    ///   - sources: the providers that can listen, by the name that the inventory gives.
    ///   - limit: how many BMCs are listened to at the most, in the inventory's order; the others
    ///     are looked at by the rounds alone.
    public init(
        sources: [String: any EventSource], limit: Int = .max, synchroniser: Synchroniser,
        time: any TimeSource = SystemTime(), logger: Logger
    ) {
        self.sources = sources
        self.limit = limit
        self.synchroniser = synchroniser
        self.time = time
        self.logger = logger
        (inventories, update) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Listens to these devices' BMCs from now on, and to no others.
    public nonisolated func listen(to devices: [Device]) {
        update.yield(devices)
    }

    /// Listens until the task is cancelled. When this returns, no connection is left.
    public func run() async {
        for await devices in inventories { await change(to: devices) }
        await end(Set(ears.keys))
    }

    private func change(to devices: [Device]) async {
        var wanted: [Ear: Device] = [:]
        var heard: Set<String> = []
        for device in devices where sources[device.provider] != nil {
            // The devices of a tray share a BMC.
            guard heard.insert(device.bmc).inserted, heard.count <= limit else { continue }
            wanted[Ear(device)] = device
        }
        if heard.count > limit {
            logger.warning(
                "events of \(heard.count - limit) of \(heard.count) BMCs are not listened to: there are not enough descriptors (ulimit -n)"
            )
        }
        await end(Set(ears.keys).subtracting(wanted.keys))
        let new = wanted.filter { ears[$0.key] == nil }
        for (index, (ear, device)) in new.enumerated() {
            guard let source = sources[device.provider] else { continue }
            let (time, synchroniser, logger) = (time, synchroniser, logger)
            ears[ear] = Task {
                try? await time.sleep(for: Self.step * index)
                guard !Task.isCancelled else { return }
                await source.listen(to: device) { reason in
                    logger.debug("\(device.bmc) reports: \(reason)")
                    await synchroniser.lookSoon(at: device.bmc)
                }
            }
        }
    }

    private func end(_ ended: Set<Ear>) async {
        let tasks = ended.compactMap { ears.removeValue(forKey: $0) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
