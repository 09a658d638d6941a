internal import Core

extension HealthExaminer {
    /// The detectors of leaks (DSP2046 `LeakDetection`, `LeakDetector`), which the newer resource
    /// leads to.
    func examineLeaks(
        _ view: ChassisView, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        guard let link = view.thermalSubsystem?.json.link("LeakDetection"),
            let detection = try await reader.resource(link)
        else { return }
        chart.addWhole(
            view.title("Leak detection"), Status(detection.json["Status"]), source: detection.path)
        let detectors = try await reader.members(of: detection.json.link("LeakDetectors"))
        let shown = detectors.isEmpty ? Self.groupedDetectors(detection) : detectors
        let names = PartNames.names(
            "Leak detector", words: ["leak"],
            shown.map { [$0.json.text("DeviceName"), $0.json.text("Name"), $0.json.text("Id")] })
        for (detector, name) in zip(shown, names) {
            let status = Status(detector.json["Status"])
            // One that is switched off detects nothing.
            if status.state?.lowercased() == "disabled" { continue }
            let state = Status.health(detector.json.text("DetectorState")) ?? .ok
            var part = HealthPart(
                name: name, kind: "leak detectors", source: detector.path,
                place: view.chassis.path, link: detector.path)
            part.marks = [
                detector.json.text("PhysicalContext"), detector.json.text("LeakDetectorType"),
            ]
            chart.addPart(
                part, status, detector.json.isSwitchedOff ? .off : .inUse, atLeast: state,
                cause: state > .ok ? "leak detected" : status.stateText)
        }
        chart.count("leak detectors", shown.count)
    }

    /// Excerpts of detectors, where there is no collection of them.
    private static func groupedDetectors(_ detection: RedfishResource) -> [RedfishResource] {
        let groups = detection.json["LeakDetectorGroups"]?.array ?? []
        return groups.flatMap { $0["Detectors"]?.array ?? [] }.map { detector in
            RedfishResource(
                path: detector.text("DataSourceUri") ?? detection.path, json: detector)
        }
    }

    private static let fanRedundancy = "Fan redundancy"

    func enterRedundancies(_ view: ChassisView, _ chart: inout HealthChart) {
        for (resource, key, name) in [
            (view.thermal, "Redundancy", Self.fanRedundancy),
            (view.thermalSubsystem, "FanRedundancy", Self.fanRedundancy),
            (view.power, "Redundancy", "PSU redundancy"),
            (view.powerSubsystem, "PowerSupplyRedundancy", "PSU redundancy"),
        ] {
            if let resource { enterRedundancy(resource, key, name, view, &chart) }
        }
    }

    private func enterRedundancy(
        _ resource: RedfishResource, _ key: String, _ name: String, _ view: ChassisView,
        _ chart: inout HealthChart
    ) {
        for group in resource.json[key]?.array ?? [] where group.object != nil {
            let needed =
                group.positiveInteger("MinNumNeeded")
                ?? group.positiveInteger("MinNeededInGroup")
            let count = (group["RedundancySet"]?.array ?? group["RedundancyGroup"]?.array)?.count
            let cause = needed.flatMap { needed in
                count.flatMap { $0 > 0 ? "\(needed) needed, of a set of \($0)" : nil }
            }
            let status = Status(group["Status"])
            if status.state?.lowercased() == "disabled" { continue }
            var part = HealthPart(
                name: name, kind: "redundancy", source: resource.path, place: view.chassis.path)
            part.marks = [group.text("Name"), group.text("MemberId"), group.text("GroupName")]
            // Supplies are not off with the host, and fans are.
            let isOff = name == Self.fanRedundancy && isOff(status)
            chart.addPart(
                part, status, isOff ? .off : .inUse, cause: cause ?? status.stateText)
        }
    }

    /// Says which kinds of parts nothing showed though something was to, with the reason.
    func noteUnread(_ view: ChassisView) {
        for (kind, links) in view.missing {
            let reasons = links.compactMap(reader.skip(of:))
            guard let reason = reasons.first else { continue }
            let place = view.name == "Chassis" ? "" : " of \(view.name)"
            reader.skip(
                kind + place, why: "\(reason.what): \(reason.why)",
                mayHideFaults: reasons.contains(where: \.mayHideFaults))
        }
    }
}
