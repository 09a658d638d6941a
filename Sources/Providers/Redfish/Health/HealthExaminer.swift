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
        let own = try await surroundings.chassis(of: system)
        let others = try await surroundings.otherChassis(of: system, beside: own)
        let names = names(of: own + others)
        for (chassis, name) in zip(own, names) { try await examine(chassis, name, &chart) }
        try await examineProcessors(&chart)
        try await examineMemory(&chart)
        try await examineStorage(own + others, &chart)
        let managers = try await surroundings.managers(of: system)
        chart.count("managers", managers.count)
        for manager in managers {
            let id = BMCAddress.lastSegment(of: reader.shown(manager.path))
            let name = managers.count == 1 ? "BMC" : "BMC \(id)"
            chart.addWhole(name, manager.status, source: manager.path)
        }
        // The logs before what the system does not name: of that there may be much.
        try await examineLogs(of: managers, own, root, &chart)
        for (chassis, name) in zip(others, names.dropFirst(own.count)) {
            try await examine(chassis, name, &chart)
        }
        if (own + others).isEmpty { noteNoChassis() }
        judgeIdleParts(&chart)
        if chart.isUnexplained {
            try await examineDevices(own + others, &chart)
            judgeIdleParts(&chart)
        } else {
            leaveDevices(own + others, &chart)
        }
        if !chart.unasked.isEmpty {
            reader.skip(
                chart.unasked.joined(separator: ", "),
                why: "not asked for: nothing that was read says that one of them is not well")
        }
        let findings = chart.findings.map { finding in
            var finding = finding
            finding.source = finding.source.map(reader.shown)
            return finding
        }
        return HealthReport(
            power: system.powerState, findings: findings, skipped: reader.skipped,
            examined: chart.counts, requests: reader.requests, date: date)
    }

    private func names(of chassis: [Chassis]) -> [String] {
        guard chassis.count > 1 else { return ["Chassis"] }
        return chassis.map { "Chassis \(BMCAddress.lastSegment(of: reader.shown($0.path)))" }
    }

    // A chassis that is named and can't be read is not the same as none.
    private func noteNoChassis() {
        let parts = "fans, power supplies, temperatures"
        guard let reason = system.chassis.lazy.compactMap(reader.skip(of:)).first else {
            return reader.skip(parts, why: "no chassis belongs to the system")
        }
        reader.skip(
            parts, why: "the system's chassis can't be read: \(reason.what): \(reason.why)",
            mayHideFaults: true)
    }

    private func judgeIdleParts(_ chart: inout HealthChart) {
        for idle in chart.judgeIdleParts() where idle.health == .critical {
            reader.skip(
                idle.part.name,
                why: "critical and \(idle.cause ?? "not in use") while the host is off: it can't be"
                    + " told whether for that alone", mayHideFaults: true)
        }
    }

    /// Whether a part is off: it says so, or the host is and the part is not in use.
    func isOff(_ json: JSON, _ status: Status) -> Bool { json.isSwitchedOff || isOff(status) }

    func isOff(_ status: Status) -> Bool { system.powerState == .off && status.isOutOfUse }

    func idleness(_ json: JSON, _ status: Status) -> Idleness {
        json.isSwitchedOff ? .off : idleness(status)
    }

    func idleness(_ status: Status) -> Idleness { isOff(status) ? .offWithHost : .inUse }

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

    /// Says which of the parts that ``examineDevices(_:_:)`` asks for there are.
    private func leaveDevices(_ chassis: [Chassis], _ chart: inout HealthChart) {
        if !system.pcieDevices.isEmpty { chart.leave("PCIe devices") }
        if system.networkInterfaces != nil || chassis.contains(where: { $0.networkAdapters != nil })
        {
            chart.leave("network adapters")
        }
        if system.ethernetInterfaces != nil { chart.leave("network interfaces") }
    }

    // Asked only if nothing else explains what is wrong: they are many.
    private func examineDevices(
        _ chassis: [Chassis], _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        var resources: [RedfishResource] = []
        for link in system.pcieDevices {
            if let device = try await reader.resource(link) { resources.append(device) }
        }
        resources += try await reader.members(of: system.networkInterfaces)
        for chassis in chassis {
            resources += try await reader.members(of: chassis.networkAdapters)
            let power = try await reader.resource(chassis.powerSubsystem)
            resources += try await reader.members(of: power?.json.link("Batteries"))
        }
        let names = PartNames.names(
            "Device", words: ["adapter", "network", "nic", "pcie", "controller"],
            resources.map { [$0.json.text("Name"), $0.json.text("Id")] })
        enter(resources, names, "devices", &chart)
    }

    /// Enters parts of which only the status is looked at.
    /// - Parameter places: what each belongs to, for a person; nil for the system itself.
    func enter(
        _ resources: [RedfishResource], _ names: [String], _ kind: String, places: [String]? = nil,
        _ chart: inout HealthChart
    ) {
        var present = 0
        for (index, (resource, name)) in zip(resources, names).enumerated() {
            let status = Status(resource.json["Status"])
            if !status.isAbsent { present += 1 }
            var part = HealthPart(name: name, kind: kind, source: resource.path)
            part.link = resource.json.text("@odata.id") ?? resource.path
            part.marks = [places?[index], resource.json.text("Id")]
            chart.addPart(
                part, status, idleness(resource.json, status), cause: status.stateText)
        }
        chart.count(kind, present)
    }
}
