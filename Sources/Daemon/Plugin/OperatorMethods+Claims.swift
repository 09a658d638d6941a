import Core
import InfraKit

// The ends of claims, and what becomes of them with another inventory.
extension OperatorMethods {
    func release(_ params: JSON, by caller: Caller) async throws -> JSON {
        let name = try Self.text("Instance", in: params, "name an instance, or its device")
        let (id, text) = try await manager.release(name, by: "\(caller)")
        return ["ID": .string(id), "Text": .string(text)]
    }

    func forget(_ params: JSON, by caller: Caller) async throws -> JSON {
        let name = try Self.text("Instance", in: params, "name an instance, or its device")
        guard params["Lost"]?.bool == true else {
            throw PluginClient.Refusal(description: try await manager.warning(ofForgetting: name))
        }
        return ["Text": .string(try await manager.forget(name, by: "\(caller)"))]
    }

    func replace(_ params: JSON, by caller: Caller) async throws -> JSON {
        try await manager.replace(
            try Self.name(params), because: params["Reason"]?.string, by: "\(caller)")
        return ["OK": true]
    }

    /// What a file would mean if it were the inventory. The daemon reads it itself: what is in it is
    /// secret.
    func inventoryDiff(_ params: JSON, for caller: Caller) async throws -> JSON {
        if case .address(_, _) = caller {
            throw PluginClient.Refusal(
                description: "files are not read for whoever comes over TCP")
        }
        let path = try Self.text("Path", in: params, "name a file")
        guard path.hasPrefix("/") else {
            throw PluginClient.Refusal(description: "params.Path: \(path): give an absolute path")
        }
        let inventory: Inventory
        do {
            inventory = try await InventoryFile.read(path)
        } catch let error as InventoryError {
            return [
                "File": .string(path), "Devices": nil, "Lines": [],
                "Faults": .array(error.mistakes.map { .string("\($0)") }),
            ]
        }
        let (plan, aliases) = await inventory.planned(for: pool)
        return [
            "File": .string(path), "Devices": JSON(inventory.devices.count),
            "Lines": .array(plan.lines.map { .string("\($0)") }),
            "Faults": .array(inventory.faults(plan.faults, aliases).map(JSON.string)),
        ]
    }
}
