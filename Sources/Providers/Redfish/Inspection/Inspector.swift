internal import Core
internal import Foundation

/// Reads a service from its root and writes down what is understood of it.
struct Inspector {
    let reader: ResourceReader
    /// Which system, by id or name; nil for all.
    let wanted: String?
    let date: Date

    func inspection() async throws(RedfishFailure) -> RedfishInspection {
        let resource = try await reader.requiredRootResource()
        let root = try await reader.root() ?? ServiceRoot(resource)
        var inspection = RedfishInspection(
            service: try await service(root, resource), systems: [], managers: [], quirks: [],
            problems: [], requests: 0)
        let systems = try await systems(of: root, &inspection.problems)
        var managers: [String: Manager] = [:]
        for system in systems {
            let surroundings = SystemSurroundings(reader: reader)
            let own = try await surroundings.managers(of: system)
            for manager in own { managers[manager.path] = manager }
            inspection.systems.append(
                try await describe(system, managers: own, &inspection.problems))
            inspection.quirks += SystemOddities.quirks(of: system, own)
        }
        inspection.managers = managers.values.sorted { $0.path < $1.path }.map(Self.describe)
        if let first = reader.repaired.first {
            let others = reader.repaired.count - 1
            inspection.quirks.append(
                "writes what is not quite JSON: \(reader.shown(first))"
                    + (others > 0 ? " and \(others) more" : "") + "; it is read leniently")
        }
        inspection.quirks = inspection.quirks.uniqued
        inspection.problems += reader.skipped.map { RedfishInspection.Problem($0.what, $0.why) }
        inspection.requests = reader.requests
        inspection.showPaths(reader.shown)
        return inspection
    }

    // MARK: The service

    private func service(
        _ root: ServiceRoot, _ resource: RedfishResource
    ) async throws(RedfishFailure) -> RedfishInspection.Service {
        var service = RedfishInspection.Service()
        service.redfishVersion = root.redfishVersion
        service.vendor = root.vendor
        service.product = root.product
        service.uuid = root.uuid
        let sessions = try await reader.resource(root.sessionService)?.json
        let link = resource.json["Links"]?.link("Sessions") ?? sessions?.link("Sessions")
        service.hasSessions = link != nil && sessions?["ServiceEnabled"]?.bool != false
        service.sessionTimeout = sessions?.positiveInteger("SessionTimeout")
        service.expandLevels = root.expansion.levels
        let events = try await reader.resource(root.eventService)?.json
        service.hasEvents = events != nil && events?["ServiceEnabled"]?.bool != false
        service.eventStream = events?.text("ServerSentEventUri")
        service.hasTasks = root.taskService != nil
        service.hasUpdates = root.updateService != nil
        return service
    }

    private func systems(
        of root: ServiceRoot, _ problems: inout [RedfishInspection.Problem]
    ) async throws(RedfishFailure) -> [ComputerSystem] {
        guard let collection = root.systems else {
            problems.append(
                .init(ServiceRoot.path, "the service shows no Systems", isGrave: true))
            return []
        }
        var systems: [ComputerSystem] = []
        for resource in try await reader.members(of: collection) {
            let system = ComputerSystem(resource)
            if system.isSystem {
                systems.append(system)
            } else {
                let kind =
                    resource.json.isCapabilitiesObject
                    ? "the template of one" : "a \(resource.typeName ?? "thing")"
                problems.append(.init(resource.path, "listed among the systems, but is \(kind)"))
            }
        }
        systems = hosts(among: systems, &problems)
        if let wanted {
            let known = systems.flatMap(\.names).uniqued
            systems = systems.filter { system in
                system.names.contains { $0.lowercased() == wanted.lowercased() }
            }
            if systems.isEmpty {
                let list = known.joined(separator: ", ")
                throw RedfishFailure(
                    .refused,
                    "the BMC has no system \"\(wanted)\"; it has: \(list.isEmpty ? "none" : list)")
            }
        }
        if systems.isEmpty {
            problems.append(.init(collection, "no computer system that can be read", isGrave: true))
        }
        return systems
    }

    /// Without settings resources, which have a system's own type (DSP0266, settings resource), and
    /// without what is only called a system, where there are others.
    private func hosts(
        among systems: [ComputerSystem], _ problems: inout [RedfishInspection.Problem]
    ) -> [ComputerSystem] {
        let settings = Set(systems.compactMap(\.settingsObject))
        let own = systems.filter { !settings.contains($0.path) }
        let hosts = own.filter(\.isCredibleHost)
        // What somebody asks for by name is shown, whatever it is.
        guard wanted == nil, own.count > 1, !hosts.isEmpty else { return own }
        problems += own.filter { !$0.isCredibleHost }.map {
            .init($0.path, "listed among the systems, but shows nothing of a server")
        }
        return hosts
    }

    // MARK: A system

    private func describe(
        _ system: ComputerSystem, managers: [Manager],
        _ problems: inout [RedfishInspection.Problem]
    ) async throws(RedfishFailure) -> RedfishInspection.System {
        let observation = system.observation(at: date)
        let chassis = try await SystemSurroundings(reader: reader).chassis(of: system)
        let facts = try await FactsReader(reader: reader).facts(of: system)
        let resetTypes = try await resetTypes(of: system)
        var logs: [String] = []
        let services =
            [system.logServices] + managers.map(\.logServices) + chassis.map(\.logServices)
        for services in services.compactMap(\.self).uniqued {
            logs += try await reader.members(of: services).map(\.path)
        }
        var media: [String] = []
        for collection in ([system.virtualMedia] + managers.map(\.virtualMedia)).compactMap(\.self)
            .uniqued
        {
            media += try await reader.members(of: collection).map(Self.medium)
        }
        problems += SystemOddities.problems(of: system, facts: facts, resetTypes: resetTypes)
        return RedfishInspection.System(
            path: system.path, id: system.id, name: system.name, power: observation.power,
            facts: facts, health: observation.health, reasons: observation.reasons,
            resetTypes: resetTypes, bootTargets: system.boot.targetAllowableValues,
            bootModes: system.boot.modeAllowableValues, bootOverride: system.boot.overrideText,
            virtualMedia: media, chassis: chassis.map(Self.describe), logs: logs)
    }

    private func resetTypes(
        of system: ComputerSystem
    ) async throws(RedfishFailure) -> [String]? {
        guard let reset = system.reset else { return nil }
        if let values = reset.allowableValues { return values }
        return try await reader.resource(reset.actionInfo)
            .flatMap { ActionInfo($0).allowableValues(of: "ResetType") }
    }

    private static func medium(_ resource: RedfishResource) -> String {
        let json = resource.json
        let types = (json.texts("MediaTypes") ?? []).joined(separator: ", ")
        let name = json.text("Id") ?? BMCAddress.lastSegment(of: resource.path)
        let hasAction = json["Actions"]?["#VirtualMedia.InsertMedia"] != nil
        let inserted = json["Inserted"]?.bool == true ? ", inserted" : ""
        return name + (types.isEmpty ? "" : " (\(types))")
            + (hasAction ? ", insert by action" : ", insert by PATCH") + inserted
    }

    private static func describe(_ chassis: Chassis) -> RedfishInspection.Chassis {
        let named = { (link: String?, name: String) in link == nil ? nil : name }
        return RedfishInspection.Chassis(
            path: chassis.path, manufacturer: chassis.manufacturer, model: chassis.model,
            thermal: [
                named(chassis.thermal, "Thermal"),
                named(chassis.thermalSubsystem, "ThermalSubsystem"),
            ].compactMap(\.self),
            power: [
                named(chassis.power, "Power"), named(chassis.powerSubsystem, "PowerSubsystem"),
            ].compactMap(\.self), hasSensors: chassis.sensors != nil)
    }

    private static func describe(_ manager: Manager) -> RedfishInspection.Manager {
        RedfishInspection.Manager(
            path: manager.path, model: manager.model, firmwareVersion: manager.firmwareVersion,
            dateTime: manager.dateTime, health: manager.status.worst)
    }
}

extension Array where Element: Hashable {
    /// The elements without repetition, in order.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Boot {
    /// The override in force: `Once Pxe UEFI`; nil without one.
    fileprivate var overrideText: String? {
        guard isOverridden else { return nil }
        return [bootSourceOverrideEnabled, bootSourceOverrideTarget, bootSourceOverrideMode]
            .compactMap(\.self).joined(separator: " ")
    }
}
