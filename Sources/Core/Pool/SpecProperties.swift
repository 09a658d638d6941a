/// The spec's `Properties`: which device is wanted and how it is to be started and stopped.
public struct SpecProperties: Sendable, Hashable {
    /// Labels that the device must have, with these values.
    public var selector: [String: String] = [:]
    public var require = Requirement()
    /// What the device boots from; nil leaves it to the device.
    public var boot: BootOverride?
    /// The image that the device is given as a medium in a drive while the instance lives; without
    /// ``boot`` it boots from that, once.
    public var media: MediaImage?
    /// Whether a free device that is found running may be claimed and powered off.
    public var powerOff = false
    /// How long a destroyed device's operating system has to shut down before the power is cut;
    /// zero cuts it at once.
    public var grace: Duration = standardGrace
    /// The label over whose values a group's devices are spread evenly.
    public var spread: String?

    /// How long a shutdown may take where the spec does not say.
    public static let standardGrace: Duration = .seconds(5)

    public init() {}

    /// What the device boots from: ``boot``, else ``media``.
    public var bootSource: BootOverride? {
        boot
            ?? media.map {
                BootOverride(target: $0.type.bootTarget)
            }
    }
}

/// What a device must be made of. A nil asks for nothing.
public struct Requirement: Sendable, Hashable {
    /// The least number of processor cores, all processors together.
    public var minimumCores: Int?
    /// The least memory in GiB.
    public var minimumMemoryGiB: Double?
    /// The model, or a part of it, whatever the case of its letters.
    public var model: String?
    /// The manufacturer, or a part of it, whatever the case of its letters.
    public var manufacturer: String?

    public init() {}

    /// Whether anything is asked for.
    public var isEmpty: Bool { self == Requirement() }

    /// Why a machine does not do, or nil if it does: `has 8 cores, MinCores is 32`. What a BMC
    /// does not say counts as not there.
    public func objection(to facts: Facts) -> String? {
        if let minimumCores, (facts.coreCount ?? 0) < minimumCores {
            return
                "has \(facts.coreCount.map(String.init) ?? "unknown") cores, MinCores is \(minimumCores)"
        }
        if let minimumMemoryGiB, (facts.memoryGiB ?? 0) < minimumMemoryGiB {
            let memory = facts.memoryGiB.map { $0.formattedBriefly } ?? "unknown"
            return "has \(memory) GiB, MinMemoryGiB is \(minimumMemoryGiB.formattedBriefly)"
        }
        if let model, !Self.contains(facts.model, model) {
            return "is \(facts.model ?? "of unknown model"), Model is \(model)"
        }
        if let manufacturer, !Self.contains(facts.manufacturer, manufacturer) {
            return
                "is by \(facts.manufacturer ?? "an unknown maker"), Manufacturer is \(manufacturer)"
        }
        return nil
    }

    private static func contains(_ text: String?, _ part: String) -> Bool {
        text?.lowercased().contains(part.lowercased()) ?? false
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var formattedBriefly: String {
        Int64(exactly: self).map(String.init) ?? description
    }
}

extension SpecProperties {
    /// Properties that show a person what can be written (`/info/api.json`).
    public static let example: JSON = [
        "Selector": ["rack": "r1", "sku": "std"],
        "Require": ["MinCores": 16, "MinMemoryGiB": 64, "Manufacturer": "HPE", "Model": "DL325"],
        "Boot": ["Target": "Pxe", "Mode": "UEFI", "Once": true],
        "Media": ["Image": "https://192.0.2.1/installer.iso", "Type": "CD"],
        "PowerOff": false,
        "Grace": "30s",
        "Spread": "rack",
        "Note": "free text for people",
    ]
}
