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
            return try plan(names, with: client, knowing: answer)
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
    ) throws -> PowerPlan {
        guard inventory != nil else {
            try DeviceNames.check(names, in: answer)
            return PowerPlan(
                targets: names.map { PowerPlan.Target(name: $0, way: .plugin(client)) })
        }
        let known = KnownDevices(answer)
        let targets = try listed(names).map { device in
            PowerPlan.Target(name: device.name, way: known.way(for: device, client))
        }
        return PowerPlan(targets: targets)
    }

    /// The named devices of the inventory.
    private func listed(_ names: [String]) throws -> [Device] {
        let all = try Inventory(contentsOfFile: inventory ?? "", providers: Providers.names).devices
        let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try names.map { name in
            if let device = byName[name] { return device }
            let nearest = Spelling.nearest(to: name, among: all.map(\.name))
            throw DeviceError.unknown(name, nearest: nearest)
        }
    }

    // MARK: Without it

    private func planAlone(_ devices: [Device]) async throws -> PowerPlan {
        let direct = devices.map { PowerPlan.Target(name: $0.name, way: .direct($0)) }
        guard !isHarmless, !request.isForced else { return PowerPlan(targets: direct) }
        // The lock stays where a plugin once was.
        let isUsed = [statePath, statePath + ".lock"].contains {
            FileManager.default.fileExists(atPath: $0)
        }
        guard isUsed else {
            return PowerPlan(
                targets: direct,
                notes: [
                    "no plugin answers at \(plugin.place) and there is no state file \(statePath):"
                        + " nothing is taken for claimed; --name and --state say where to look"
                ])
        }
        let store = try FileStore(path: statePath)
        let stored: StoredPool
        do {
            stored = try await store.load()
        } catch {
            await store.close()
            throw error
        }
        let claims = Dictionary(
            stored.records.compactMap { record in
                record.claim.flatMap { claim in record.key.deviceName.map { ($0, claim) } }
            }, uniquingKeysWith: { first, _ in first })
        let targets = devices.map { device in
            let refusal = claims[device.name].map { "\(PowerError.claimed(device, $0))" }
            return PowerPlan.Target(
                name: device.name, way: refusal.map(PowerPlan.Way.refused) ?? .direct(device))
        }
        return PowerPlan(targets: targets, lease: store)
    }
}
