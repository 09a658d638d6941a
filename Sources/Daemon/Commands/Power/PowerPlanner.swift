import InfraKit
import Core
import StateFile
import Foundation
import HTTPClient

/// Finds out who switches which device, and which are claimed.
struct PowerPlanner {
    let request: PowerRequest
    /// The inventory file, if one was named.
    let inventory: String?
    let statePath: String
    let plugin: PluginLocator
    let http: HTTPClient

    /// Whether the devices are just looked at, which needs no leave.
    private var isHarmless: Bool { request.action == .status }

    func plan(_ names: [String]) async throws -> PowerPlan {
        let client = try plugin.client(http)
        let silence: HTTPError
        do {
            let answer = try await client.call("Rackpool.Devices")
            return try await plan(names, with: client, knowing: answer)
        } catch let error as HTTPError {
            silence = error
        }
        guard inventory != nil else {
            throw CommandError(
                description: "no answer from \(plugin.place): \(silence); is rackpool running? Is"
                    + " --name right? Give --inventory FILE to do it without")
        }
        guard silence.kind == .connect || isHarmless || request.isForced else {
            throw CommandError(
                description:
                    "\(plugin.place) does not answer: \(silence); which devices are claimed"
                    + " is not known. Stop that rackpool first, or --force it")
        }
        return try await planAlone(try listed(names))
    }

    // MARK: With the plugin

    private func plan(
        _ names: [String], with client: PluginClient, knowing answer: JSON
    ) async throws -> PowerPlan {
        guard inventory != nil else {
            try DeviceNames.check(names, in: answer)
            return PowerPlan(
                targets: names.map { PowerPlan.Target(name: $0, way: .plugin(client)) })
        }
        let devices = try listed(names)
        let addresses = KnownDevices.addresses(in: answer).values + devices.map(\.address)
        let known = KnownDevices(answer, resolved: await resolved(addresses))
        let targets = devices.map { device in
            PowerPlan.Target(name: device.name, way: known.way(for: device, client))
        }
        return PowerPlan(targets: targets)
    }

    private func resolved(_ addresses: [MachineAddress]) async -> [String: [String]] {
        await HostResolver.addresses(of: BMCIndex.hostNames(of: addresses))
    }

    private func inventoryDevices() throws -> [Device] {
        try Inventory(contentsOfFile: inventory ?? "", providers: Providers.names).devices
    }

    /// The named devices of the inventory.
    private func listed(_ names: [String]) throws -> [Device] {
        let all = try inventoryDevices()
        let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try names.map { name in
            if let device = byName[name] { return device }
            let nearest = Spelling.nearest(to: name, among: all.map(\.name))
            throw DeviceError.unknown(name, nearest: nearest)
        }
    }

    // MARK: Without it

    /// By force claimed machines are switched, but not others that stand in their places.
    private func forced(_ devices: [Device]) -> [PowerPlan.Target] {
        // Where there is no state, or none that can be read, nothing is known of any claim.
        let records = (try? StateInspection(path: statePath))?.records ?? []
        let claimed = records.filter { $0.claim != nil }
        return devices.map { device in
            let record = claimed.first { record in
                record.machine?.address == device.address
                    || record.key.deviceName == device.name
            }
            return PowerPlan.Target(
                name: device.name, way: .direct(device, claimed: record?.machine))
        }
    }

    private func planAlone(_ devices: [Device]) async throws -> PowerPlan {
        let direct = devices.map { PowerPlan.Target(name: $0.name, way: .direct($0)) }
        if isHarmless { return PowerPlan(targets: direct) }
        if request.isForced { return PowerPlan(targets: forced(devices)) }
        // The lock stays where a plugin once was.
        let isUsed = [statePath, statePath + ".lock"].contains {
            FileManager.default.fileExists(atPath: $0)
        }
        guard isUsed else {
            throw CommandError(
                description:
                    "nothing is switched: no plugin answers at \(plugin.place) and there is no state"
                    + " file \(statePath), so that nobody knows what is claimed. Say with --name and"
                    + " --state where to look, or --force it if no plugin has ever had these devices"
            )
        }
        let store = try FileStore(path: statePath)
        let stored: StoredPool
        let all: [Device]
        do {
            stored = try await store.load()
            all = try inventoryDevices()
        } catch {
            await store.close()
            throw error
        }
        let addresses = stored.records.compactMap(\.machine?.address) + devices.map(\.address)
        let claims = StoredClaims(
            stored.records, devices: all, resolved: await resolved(addresses))
        let targets = devices.map { device in
            let refusal = claims.refusal(of: device)
            return PowerPlan.Target(
                name: device.name,
                way: refusal.map(PowerPlan.Way.refused) ?? .direct(device, others: claims))
        }
        return PowerPlan(targets: targets, lease: store)
    }
}
