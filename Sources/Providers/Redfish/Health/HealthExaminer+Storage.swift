internal import Core

extension HealthExaminer {
    /// Controllers, drives and volumes (DSP2046 `Storage`), and what older services show instead
    /// (DSP2046 `SimpleStorage`).
    func examineStorage(_ chart: inout HealthChart) async throws(RedfishFailure) {
        var drives: [(Drive, String)] = []
        for storage in try await reader.members(of: system.storage) {
            let name = storage.json.text("Name") ?? BMCAddress.lastSegment(of: storage.path)
            chart.addWhole(name, Status(storage.json["Status"]), source: storage.path)
            enterControllers(storage, &chart)
            let controllers = try await reader.members(of: storage.json.link("Controllers"))
            enter(controllers, Self.controllerNames(controllers.map(\.json)), "controllers", &chart)
            for link in storage.json.links("Drives") {
                if let drive = try await reader.resource(link) {
                    drives.append((Drive(drive), drive.path))
                }
            }
            let volumes = try await reader.members(of: storage.json.link("Volumes"))
            let names = PartNames.names(
                "Volume", words: ["raid", "virtual", "logical"],
                volumes.map { [$0.json.text("Name"), $0.json.text("Id")] })
            for (volume, name) in zip(volumes, names) {
                let status = Status(volume.json["Status"])
                chart.addPart(
                    name, status, cause: volume.json.operations ?? status.stateText,
                    source: volume.path)
            }
            chart.count("volumes", volumes.count)
        }
        enter(drives, &chart)
        try await examineSimpleStorage(&chart)
    }

    private func enter(_ drives: [(Drive, String)], _ chart: inout HealthChart) {
        let names = PartNames.names(
            "Drive", words: ["disk", "ssd", "hdd", "nvme", "bay", "slot"], drives.map(\.0.names))
        for ((drive, source), name) in zip(drives, names) {
            chart.addPart(
                name, drive.status, atLeast: drive.warning == nil ? .ok : .warning,
                cause: drive.warning ?? drive.status.stateText, source: source)
        }
        chart.count("drives", drives.filter { !$0.0.status.isAbsent }.count)
    }

    private func enterControllers(_ storage: RedfishResource, _ chart: inout HealthChart) {
        let controllers = (storage.json["StorageControllers"]?.array ?? [])
            .filter { $0.object?.count ?? 0 > 1 }
        for (controller, name) in zip(controllers, Self.controllerNames(controllers)) {
            let status = Status(controller["Status"])
            chart.addPart(name, status, cause: status.stateText, source: storage.path)
        }
        chart.count("controllers", controllers.count)
    }

    private static func controllerNames(_ controllers: [JSON]) -> [String] {
        PartNames.names(
            "Controller", words: ["raid", "array", "hba", "adapter", "ahci", "nvme"],
            controllers.map {
                [$0.text("Name"), $0.text("Model"), $0.text("MemberId") ?? $0.text("Id")]
            })
    }

    private func examineSimpleStorage(_ chart: inout HealthChart) async throws(RedfishFailure) {
        for storage in try await reader.members(of: system.simpleStorage) {
            let name = storage.json.text("Name") ?? "Simple storage"
            chart.addWhole(name, Status(storage.json["Status"]), source: storage.path)
            let devices = (storage.json["Devices"]?.array ?? []).filter { $0.object != nil }
            let names = PartNames.names(
                "Drive", words: ["disk", "ssd", "hdd", "nvme", "bay", "slot"],
                devices.map { [$0.text("Name"), $0.text("Model")] })
            for (device, name) in zip(devices, names) {
                let status = Status(device["Status"])
                chart.addPart(name, status, cause: status.stateText, source: storage.path)
            }
        }
    }
}

extension JSON {
    /// What is being done to a volume (DSP2046 `Volume.Operations`): `Rebuild, 12 %`.
    fileprivate var operations: String? {
        let texts = (self["Operations"]?.array ?? []).compactMap { operation -> String? in
            guard let name = operation.text("OperationName") ?? operation.text("Operation")
            else { return nil }
            let share = operation.numeric("PercentageComplete").map { ", \(Int($0)) %" }
            return name + (share ?? "")
        }
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }
}
