internal import Core
internal import Foundation

/// Looks at everything that belongs to a system: the most telling first, for the requests are
/// bounded.
struct HealthExaminer {
    let reader: ResourceReader
    let system: ComputerSystem
    /// How far back in the logs.
    let lookingBack: Duration
    let date: Date

    /// Whether the host runs, so that fans turn and voltages are there.
    var isRunning: Bool { system.powerState == .on }

    func report() async throws(RedfishFailure) -> HealthReport {
        var chart = HealthChart()
        let root = try await reader.root()
        let surroundings = SystemSurroundings(reader: reader)
        chart.addWhole(
            "System", system.status, hint: system.unwellAreas, source: system.path)
        chart.addWhole("Processors", system.processorSummary.status, source: system.path)
        chart.addWhole("Memory", system.memorySummary.status, source: system.path)
        let chassis = try await surroundings.chassis(of: system)
        if chassis.isEmpty { reader.skip("chassis", why: "the system names none") }
        for chassis in chassis { try await examine(chassis, &chart) }
        try await examineProcessors(&chart)
        try await examineMemory(&chart)
        try await examineStorage(&chart)
        let managers = try await surroundings.managers(of: system)
        chart.count("managers", managers.count)
        for manager in managers {
            let id = BMCAddress.lastSegment(of: manager.path)
            let name = managers.count == 1 ? "BMC" : "BMC \(id)"
            chart.addWhole(name, manager.status, source: manager.path)
        }
        try await examineLogs(of: managers, chassis, root, &chart)
        if chart.isUnexplained { try await examineDevices(&chart) }
        return HealthReport(
            power: system.powerState, findings: chart.findings, skipped: reader.skipped,
            examined: chart.counts, requests: reader.requests, date: date)
    }

    // MARK: Processors and memory

    private func examineProcessors(_ chart: inout HealthChart) async throws(RedfishFailure) {
        let resources = try await reader.members(of: system.processors)
        let names = PartNames.names(
            "CPU", words: ["proc", "gpu", "fpga", "accel", "dpu"],
            resources.map { resource in
                [
                    resource.json.text("Socket"), resource.json.text("Name"),
                    resource.json.text("Id"),
                ]
            })
        enter(resources, names, "processors", &chart)
    }

    private func examineMemory(_ chart: inout HealthChart) async throws(RedfishFailure) {
        let resources = try await reader.members(of: system.memory)
        let names = PartNames.names(
            "DIMM", words: ["memory"],
            resources.map { resource in
                let json = resource.json
                let place = json["Location"]?["PartLocation"]?.text("ServiceLabel")
                return [json.text("DeviceLocator"), place, json.text("Name"), json.text("Id")]
            })
        enter(resources, names, "memory modules", &chart)
    }

    // Asked only if nothing else explains what is wrong: they are many.
    private func examineDevices(_ chart: inout HealthChart) async throws(RedfishFailure) {
        var resources: [RedfishResource] = []
        for link in system.pcieDevices {
            if let device = try await reader.resource(link) { resources.append(device) }
        }
        resources += try await reader.members(of: system.networkInterfaces)
        let names = PartNames.names(
            "Device", words: ["adapter", "network", "nic", "pcie", "controller"],
            resources.map { [$0.json.text("Name"), $0.json.text("Id")] })
        enter(resources, names, "devices", &chart)
    }

    /// Enters parts of which only the status is looked at.
    func enter(
        _ resources: [RedfishResource], _ names: [String], _ kind: String,
        _ chart: inout HealthChart
    ) {
        var present = 0
        for (resource, name) in zip(resources, names) {
            let status = Status(resource.json["Status"])
            if !status.isAbsent { present += 1 }
            chart.addPart(name, status, cause: status.stateText, source: resource.path)
        }
        chart.count(kind, present)
    }
}
