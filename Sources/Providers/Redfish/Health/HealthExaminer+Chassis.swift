internal import Core

extension HealthExaminer {
    /// The chassis and what is in it. For each kind of part, the first place that shows any: the
    /// older resources with everything in one, the newer ones of parts, the sensors.
    /// - Parameter name: what the chassis is called among those of the system.
    func examine(
        _ chassis: Chassis, _ name: String, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        chart.count("chassis", 1)
        if !(chassis.isOff && chassis.status.isOutOfUse) {
            chart.addWhole(name, chassis.status, source: chassis.path)
        }
        var view = ChassisView(chassis, name)
        view.thermal = try await reader.resource(chassis.thermal)
        view.power = try await reader.resource(chassis.power)
        // Read beside the older one too: it alone leads to the detectors of leaks.
        view.thermalSubsystem = try await reader.resource(chassis.thermalSubsystem)
        enterWholes(view, &chart)
        enterEmbedded(&view, &chart)
        try await examineFans(&view, &chart)
        try await examineSupplies(&view, &chart)
        try await examineLeaks(view, &chart)
        try await examineSensors(&view, &chart)
        enterRedundancies(view, &chart)
        noteUnread(view)
    }

    private func enterWholes(_ view: ChassisView, _ chart: inout HealthChart) {
        let wholes = [
            ("Cooling", view.thermal), ("Cooling", view.thermalSubsystem), ("Power", view.power),
        ]
        for (name, resource) in wholes {
            guard let resource else { continue }
            chart.addWhole(
                view.title(name), Status(resource.json["Status"]), source: resource.path)
        }
    }

    // MARK: Fans and power supplies

    private func examineFans(
        _ view: inout ChassisView, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        if let thermal = view.thermal, enter(thermal, "Fans", .fan, view, &chart) {
            view.shown.insert(.fan)
            return
        }
        let fans = try await reader.members(of: view.thermalSubsystem?.json.link("Fans"))
        let names = PartNames.names(
            "Fan", fans.map { [$0.json.text("Name"), $0.json.text("Id")] })
        for (fan, name) in zip(fans, names) {
            let speed = fan.json["SpeedPercent"]
            let turns = speed?.numeric("SpeedRPM").map { "\(Int($0)) RPM" }
            let share = speed?.numeric("Reading").map { "\(Int($0)) %" }
            let status = Status(fan.json["Status"])
            let part = HealthPart(
                name: name, kind: "fans", source: fan.path, place: view.chassis.path,
                link: fan.path)
            chart.addPart(
                part, status, isOff(fan.json, status) ? .off : .inUse,
                cause: turns ?? share ?? status.stateText)
        }
        let present = fans.filter { !Status($0.json["Status"]).isAbsent }
        chart.count("fans", present.count)
        if !fans.isEmpty { view.shown.insert(.fan) }
    }

    // A chassis may show its supplies in the newer resource alone beside an older one for the rest
    // (NVIDIA DGX).
    private func examineSupplies(
        _ view: inout ChassisView, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        let embedded = (view.power?.json["PowerSupplies"]?.array ?? []).filter { $0.object != nil }
        if let power = view.power { reader.checkCount(of: "PowerSupplies", in: power) }
        if let power = view.power, !embedded.isEmpty {
            if view.chassis.powerSubsystem != nil { chart.leave("batteries") }
            enterSupplies(embedded.map { ($0, power.path) }, view, &chart)
            view.hasSupplies = true
            return
        }
        guard let power = try await reader.resource(view.chassis.powerSubsystem) else { return }
        view.powerSubsystem = power
        if power.json.link("Batteries") != nil { chart.leave("batteries") }
        chart.addWhole(view.title("Power"), Status(power.json["Status"]), source: power.path)
        let supplies = try await reader.members(of: power.json.link("PowerSupplies"))
        enterSupplies(supplies.map { ($0.json, $0.path) }, view, &chart)
        view.hasSupplies = !supplies.isEmpty
    }

    private func enterSupplies(
        _ supplies: [(json: JSON, source: String)], _ view: ChassisView,
        _ chart: inout HealthChart
    ) {
        let supplies = supplies.map { (PowerSupply($0.json), $0.source) }
        let names = PartNames.names(
            "PSU", words: ["power", "supply", "ps"], supplies.map { $0.0.names })
        for (supply, name) in zip(supplies, names) {
            let (supply, source) = supply
            let part = HealthPart(
                name: name, kind: "power supplies", source: source, place: view.chassis.path,
                link: supply.link)
            // The host's being off takes no supply out of use.
            chart.addPart(
                part, supply.status, supply.isOff ? .off : .inUse,
                atLeast: supply.hasLostInput ? .warning : .ok, cause: supply.cause)
        }
        chart.count("power supplies", supplies.filter { !$0.0.status.isAbsent }.count)
    }

    // MARK: Sensors

    private func enterEmbedded(_ view: inout ChassisView, _ chart: inout HealthChart) {
        if let thermal = view.thermal, enter(thermal, "Temperatures", .temperature, view, &chart) {
            view.shown.insert(.temperature)
        }
        if let power = view.power, enter(power, "Voltages", .voltage, view, &chart) {
            view.shown.insert(.voltage)
        }
    }

    // They are many, so they are read only where a kind is shown by nothing else.
    private func examineSensors(
        _ view: inout ChassisView, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        guard let link = view.chassis.sensors else { return }
        guard !view.shown.isSuperset(of: [.temperature, .fan, .voltage]) else {
            return chart.leave("sensors")
        }
        let wanted = view.sensorKinds
        if wanted == [.voltage], try await isTooCostly(link) { return }
        let sensors = try await reader.members(of: link, limit: 500)
            .map { (Sensor($0), $0.path) }.filter { wanted.contains($0.0.kind) }
        for (sensor, path) in sensors {
            // A fan is counted where it is shown as such.
            let isCounted = sensor.kind != .fan || !view.shown.contains(.fan)
            enter([sensor], source: path, isCounted: isCounted, view, &chart)
        }
        view.shown.formUnion(sensors.map(\.0.kind))
    }

    // For voltages alone a hundred requests are too many: one that is wrong shows in the status of
    // what it feeds.
    private func isTooCostly(_ link: String) async throws(RedfishFailure) -> Bool {
        guard !reader.expands, let collection = try await reader.resource(link)
        else { return false }
        let count = ResourceCollection(collection).members.count
        guard count > Self.fewSensors else { return false }
        reader.skip("voltages", why: "among \(count) sensors, each of which takes a request")
        return true
    }

    private static let fewSensors = 20

    /// Enters the sensors under `key`; false if there are none.
    private func enter(
        _ resource: RedfishResource, _ key: String, _ kind: Sensor.Kind, _ view: ChassisView,
        _ chart: inout HealthChart
    ) -> Bool {
        reader.checkCount(of: key, in: resource)
        let sensors = (resource.json[key]?.array ?? []).filter { $0.object != nil }
            .map { Sensor($0, kind: kind) }
        enter(sensors, source: resource.path, view, &chart)
        return !sensors.isEmpty
    }

    private func enter(
        _ sensors: [Sensor], source: String, isCounted: Bool = true, _ view: ChassisView,
        _ chart: inout HealthChart
    ) {
        for (index, sensor) in sensors.enumerated() {
            guard let noun = sensor.kind.noun else { continue }
            let breach = sensor.breach(isRunning: isRunning)
            if isCounted, !sensor.status.isAbsent { chart.count(noun.plural, 1) }
            // What is switched off measures nothing, whatever its health says.
            if sensor.status.state?.lowercased() == "disabled" { continue }
            var part = HealthPart(
                name: sensor.name ?? "\(noun.singular) \(index + 1)", kind: noun.plural,
                source: source, place: view.chassis.path)
            part.link = sensor.link
            part.relations = sensor.relatedItems
            part.marks = [sensor.context, sensor.id]
            chart.addPart(
                part, sensor.status, isOff(sensor.status) ? .off : .inUse,
                atLeast: breach?.health ?? .ok,
                cause: breach.map(sensor.text) ?? sensor.readingText ?? sensor.status.stateText)
        }
    }
}

extension Sensor.Kind {
    fileprivate var noun: (singular: String, plural: String)? {
        switch self {
        case .fan: ("Fan", "fans")
        case .temperature: ("Temperature", "temperatures")
        case .voltage: ("Voltage", "voltages")
        case .other: nil
        }
    }
}
