internal import Core

extension HealthExaminer {
    /// Controllers, drives and volumes (DSP2046 `Storage`), and what other services show instead:
    /// drives of a chassis, `SimpleStorage`, an extension.
    func examineStorage(
        _ chassis: [Chassis], _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        var yield = StorageYield()
        let storages = try await reader.members(of: system.storage)
        let names = PartNames.names(
            "Storage", words: ["raid", "array", "nvme", "ahci", "sata", "controller", "adapter"],
            storages.map { [$0.json.text("Name"), $0.json.text("Id")] })
        for (storage, name) in zip(storages, names) {
            chart.addWhole(name, Status(storage.json["Status"]), source: storage.path)
            try await read(storage, &yield)
        }
        if yield.drives.isEmpty { try await readDrives(of: chassis, &yield) }
        if yield.drives.isEmpty { try await readSmartStorage(&yield, &chart) }
        enterControllers(yield, &chart)
        enter(yield.drives, &chart)
        enterVolumes(yield, &chart)
        try await examineSimpleStorage(&chart)
    }

    private func read(
        _ storage: RedfishResource, _ yield: inout StorageYield
    ) async throws(RedfishFailure) {
        let place = BMCAddress.lastSegment(of: storage.path)
        for key in ["StorageControllers", "Drives"] { reader.checkCount(of: key, in: storage) }
        let embedded = (storage.json["StorageControllers"]?.array ?? [])
            .filter { $0.object?.count ?? 0 > 1 }
            .map { RedfishResource(path: storage.path, json: $0) }
        let controllers = try await reader.members(of: storage.json.link("Controllers"))
        yield.controllers += (embedded + controllers).map { ($0, place) }
        for link in storage.json.links("Drives") {
            if let drive = try await reader.resource(link) {
                yield.drives.append((Drive(drive, in: place), drive.path))
            }
        }
        yield.volumes += try await reader.members(of: storage.json.link("Volumes"))
            .map { ($0, place) }
    }

    // A backplane's drives may be tied to its chassis alone (DSP2046 `Chassis.Drives`).
    private func readDrives(
        of chassis: [Chassis], _ yield: inout StorageYield
    ) async throws(RedfishFailure) {
        var seen: Set<String> = []
        for chassis in chassis {
            let place = BMCAddress.lastSegment(of: chassis.path)
            for link in chassis.drives {
                guard let resource = try await reader.resource(link) else { continue }
                let isCollection = resource.json["Members"]?.array != nil
                let drives = isCollection ? try await reader.members(of: link) : [resource]
                for drive in drives where seen.insert(drive.path).inserted {
                    yield.drives.append((Drive(drive, in: place), drive.path))
                }
            }
        }
    }

    // MARK: Entering

    private func enterControllers(_ yield: StorageYield, _ chart: inout HealthChart) {
        let names = PartNames.names(
            "Controller", words: ["raid", "array", "hba", "adapter", "ahci", "nvme"],
            yield.controllers.map { controller, place in
                let json = controller.json
                let id = json.text("MemberId") ?? json.text("Id")
                return [
                    json.text("Name"), json.text("Model"), id, "Controller of \(place)",
                    "Controller \(id ?? "") of \(place)",
                ]
            })
        enter(
            yield.controllers.map(\.0), names, "controllers", places: yield.controllers.map(\.1),
            &chart)
    }

    private func enter(_ drives: [(Drive, String)], _ chart: inout HealthChart) {
        let names = PartNames.names(
            "Drive", words: ["disk", "ssd", "hdd", "nvme", "bay", "slot"], drives.map(\.0.names))
        for ((drive, source), name) in zip(drives, names) {
            let part = HealthPart(name: name, kind: "drives", source: source, link: source)
            chart.addPart(
                part, drive.status, drive.isOff ? .off : idleness(drive.status),
                atLeast: drive.health, cause: drive.cause ?? drive.status.stateText)
        }
        chart.count("drives", drives.filter { !$0.0.status.isAbsent }.count)
    }

    private func enterVolumes(_ yield: StorageYield, _ chart: inout HealthChart) {
        let names = PartNames.names(
            "Volume", words: ["raid", "virtual", "logical"],
            yield.volumes.map { volume, place in
                let json = volume.json
                return [
                    json.text("LogicalDriveName"), json.text("Name"), json.text("Id"),
                    "Volume \(json.text("Id") ?? "") of \(place)",
                ]
            })
        for ((volume, place), name) in zip(yield.volumes, names) {
            let status = Status(volume.json["Status"])
            var part = HealthPart(name: name, kind: "volumes", source: volume.path)
            part.marks = [place]
            chart.addPart(
                part, status, idleness(volume.json, status),
                cause: volume.json.operations ?? status.stateText)
        }
        chart.count("volumes", yield.volumes.count)
    }

    private func examineSimpleStorage(_ chart: inout HealthChart) async throws(RedfishFailure) {
        for storage in try await reader.members(of: system.simpleStorage) {
            let name = storage.json.text("Name") ?? "Simple storage"
            chart.addWhole(name, Status(storage.json["Status"]), source: storage.path)
            reader.checkCount(of: "Devices", in: storage)
            let devices = (storage.json["Devices"]?.array ?? []).filter { $0.object != nil }
            let names = PartNames.names(
                "Drive", words: ["disk", "ssd", "hdd", "nvme", "bay", "slot"],
                devices.map { [$0.text("Name"), $0.text("Model")] })
            for (device, name) in zip(devices, names) {
                let status = Status(device["Status"])
                var part = HealthPart(name: name, kind: "simple drives", source: storage.path)
                part.marks = [storage.json.text("Name"), storage.json.text("Id")]
                chart.addPart(
                    part, status, idleness(status), cause: status.stateText)
            }
        }
    }
}

/// What a system's storage showed, each with what holds it.
struct StorageYield {
    var controllers: [(RedfishResource, place: String)] = []
    var drives: [(Drive, source: String)] = []
    var volumes: [(RedfishResource, place: String)] = []
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
