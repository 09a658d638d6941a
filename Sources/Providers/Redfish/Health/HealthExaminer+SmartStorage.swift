internal import Core

extension HealthExaminer {
    /// Controllers, drives and volumes of an extension; see ``Core/JSON/smartStorage``.
    func readSmartStorage(
        _ yield: inout StorageYield, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        guard let storage = try await reader.resource(system.smartStorage) else { return }
        chart.addWhole("Smart storage", Status(storage.json["Status"]), source: storage.path)
        for kind in ["ArrayControllers", "HostBusAdapters"] {
            let controllers = try await reader.members(of: storage.json.nestedLinks(kind).first)
            for controller in controllers {
                let place = BMCAddress.lastSegment(of: controller.path)
                let links = { controller.json.nestedLinks($0).first }
                yield.controllers.append((controller, place))
                for drive in try await reader.members(of: links("PhysicalDrives")) {
                    yield.drives.append((Drive(drive, in: place), drive.path))
                }
                yield.volumes += try await reader.members(of: links("LogicalDrives"))
                    .map { ($0, place) }
            }
        }
    }
}
