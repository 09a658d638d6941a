internal import Core

/// Where a system's boot settings are: in the system itself, and perhaps in its settings resource
/// (`@Redfish.Settings`; DSP0266, settings resource).
///
/// iDRAC 10 refuses a change of `Boot` in the system, and so do Nokia's servers; iDRAC 9 and
/// Lenovo's SE450 have a settings resource that holds other things (openstack/sushy,
/// idrac10-settings-resource, use-settingsobject-if-supported and
/// check-for-boot-attrs-in-settingsuri). So what the settings resource shows decides.
struct BootPlaces {
    struct Place {
        let path: String
        /// Of the state that was read last.
        var entityTag: EntityTag?

        /// Takes the tag of a state that was read since, if it is this place's.
        mutating func note(_ resource: RedfishResource) {
            if resource.path == path { entityTag = resource.entityTag ?? entityTag }
        }
    }

    let system: ComputerSystem
    /// What the settings resource shows; nil if there is none.
    let pending: Boot?
    /// Where a change is sent, the likeliest first.
    let order: [Place]

    init(system: ComputerSystem, settings: RedfishResource?) {
        self.system = system
        let pending = settings.flatMap { $0.json["Boot"] }.map { Boot($0) }
        self.pending = pending
        var order = [Place(path: system.path, entityTag: system.entityTag)]
        if let settings, pending?.canOverride == true {
            order.insert(Place(path: settings.path, entityTag: settings.entityTag), at: 0)
        }
        self.order = order
    }

    /// The place's path, if it is not the system itself.
    func other(_ place: Place) -> String? { place.path == system.path ? nil : place.path }

    /// Where AMI's firmware wants a change that it refuses in the system with
    /// `OperationSupportedInFutureStateURI`: the system's future state, which it may name.
    func future(of failure: RedfishFailure) -> String? {
        guard failure.text.contains("OperationSupportedInFutureStateURI") else { return nil }
        let words = failure.text.split { $0.isWhitespace || "\"'<>(),;".contains($0) }
        let named = words.map { $0.hasSuffix(".") ? $0.dropLast() : $0 }
            .first { $0.hasPrefix(ServiceRoot.path) && $0 != system.path }
        if let named { return String(named) }
        let parent = system.path.hasSuffix("/") ? String(system.path.dropLast()) : system.path
        return "\(parent)/SD"
    }

    /// What is set, and what may be.
    var boot: Boot { Boot(system.boot, fallback: pending) }

    var isOverridden: Bool { system.boot.isOverridden || pending?.isOverridden == true }
}
