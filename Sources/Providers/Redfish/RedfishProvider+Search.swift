internal import Core
internal import Locking

extension RedfishProvider {
    /// The device's system as it is now, found through the service root. All who look for it at the
    /// same time share one search.
    /// - Parameter isKnown: whether it was there a moment ago: then a service that shows no systems
    ///   is starting, and asked again for a while.
    func findSystem(
        of device: Device, _ client: RedfishClient, isKnown: Bool
    ) async throws(RedfishFailure) -> ComputerSystem {
        while !Task.isCancelled {
            let (search, isOwn) = registry.withLock { registry in
                if let search = registry.search(for: device), !search.isAbandoned {
                    return (search, false)
                }
                let search = makeSearch(for: device, client, isKnown: isKnown)
                registry.setSearch(search, for: device)
                return (search, true)
            }
            guard let result = await search.value() else { continue }
            let system = try result.get()
            // What another's search read may be older than this call.
            return isOwn
                ? system : ComputerSystem(try await client.get(system.path, insisting: true))
        }
        throw .cancelled
    }

    private func find(
        _ device: Device, _ client: RedfishClient, patience: Duration
    ) async throws(RedfishFailure) -> ComputerSystem {
        var pauses = BusyPauses(patience: patience)
        while true {
            do throws(RedfishFailure) {
                return try await SystemFinder(client: client, wanted: device.system).find()
            } catch {
                guard error.kind == .refused, let pause = pauses.take(asked: nil) else {
                    // It was there, so this says nothing of the device.
                    throw patience > .zero && error.kind == .refused
                        ? RedfishFailure(.malformed, error.text, status: error.status) : error
                }
                do {
                    try await time.sleep(for: pause)
                } catch {
                    throw .cancelled
                }
            }
        }
    }

    private func makeSearch(
        for device: Device, _ client: RedfishClient, isKnown: Bool
    ) -> DeviceRegistry.SystemSearch {
        DeviceRegistry.SystemSearch(wanted: .byWaitersOnly) { [self] in
            let result: Result<ComputerSystem, RedfishFailure>
            do throws(RedfishFailure) {
                result = .success(
                    try await find(device, client, patience: isKnown ? timeouts.patience : .zero))
            } catch {
                result = .failure(error)
            }
            registry.withLock { registry in
                if case .success(let system) = result {
                    registry.setLinks(SystemLinks(system: system.path), of: device)
                }
                // An abandoned search may have been followed by another.
                if !Task.isCancelled { registry.setSearch(nil, for: device) }
            }
            return result
        }
    }
}
