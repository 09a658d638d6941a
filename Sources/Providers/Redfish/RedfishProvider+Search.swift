internal import Core
internal import Synchronization

extension RedfishProvider {
    /// The device's system as it is now, found through the service root. All who look for it at the
    /// same time share one search.
    func findSystem(
        of device: Device, _ client: RedfishClient
    ) async throws(RedfishFailure) -> ComputerSystem {
        while !Task.isCancelled {
            let (search, isOwn) = registry.withLock { registry in
                if let search = registry.search(for: device), !search.isAbandoned {
                    return (search, false)
                }
                let search = makeSearch(for: device, client)
                registry.setSearch(search, for: device)
                return (search, true)
            }
            guard let result = await search.value() else { continue }
            let system = try result.get()
            // What another's search read may be older than this call.
            return isOwn ? system : ComputerSystem(try await client.get(system.path))
        }
        throw .cancelled
    }

    private func makeSearch(
        for device: Device, _ client: RedfishClient
    ) -> DeviceRegistry.SystemSearch {
        DeviceRegistry.SystemSearch(wanted: .byWaitersOnly) { [self] in
            let result: Result<ComputerSystem, RedfishFailure>
            do throws(RedfishFailure) {
                let system = try await SystemFinder(client: client, wanted: device.system).find()
                result = .success(system)
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
