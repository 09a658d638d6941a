internal import Core

/// The `Boot` object of a system (`ComputerSystem` schema): what may be set, and what a boot does.
struct BootSettings: Sendable {
    /// As it is served now.
    private(set) var object: JSONObject

    private static let target = "BootSourceOverrideTarget"
    private static let enabled = "BootSourceOverrideEnabled"
    private static let mode = "BootSourceOverrideMode"
    private static let allowable = "@Redfish.AllowableValues"

    init(_ recorded: JSONObject) {
        object = recorded
    }

    /// Takes a client's `Boot` object, whole or not at all.
    mutating func patch(_ wanted: JSONObject) throws(Refusal) {
        var changed = object
        for (property, value) in wanted where !property.contains("@") {
            try check(property, value)
            changed[property] = value
        }
        // An override of nothing is no override, and no override has no target.
        if wanted[Self.target]?.string == "None", changed[Self.enabled] != nil {
            changed[Self.enabled] = "Disabled"
        }
        if wanted[Self.enabled]?.string == "Disabled", takes("None", for: Self.target) {
            changed[Self.target] = "None"
        }
        object = changed
    }

    /// Adds a source to those that may be set.
    mutating func offer(_ source: String) {
        let values = allowableValues(of: Self.target) ?? []
        object[Self.target + Self.allowable] = .array((values + [source]).map(JSON.string))
    }

    /// The system boots: a `Once` override is used up.
    /// - Returns: the source that it boots from: an override's target, or `None` for what the
    ///   firmware is set to.
    mutating func boot() -> String {
        let source = object[Self.target]?.string ?? "None"
        switch object[Self.enabled]?.string {
        case "Once":
            object[Self.enabled] = "Disabled"
            if takes("None", for: Self.target) { object[Self.target] = "None" }
            return source
        case "Continuous":
            return source
        default:
            return "None"
        }
    }

    private func check(_ property: String, _ value: JSON) throws(Refusal) {
        let place = "Boot/" + property
        // A URI to boot from is new to a system that was recorded without one.
        let isNew = property == "HttpBootUri" && takes("UefiHttp", for: Self.target)
        let present = object[property]
        guard present != nil || isNew else { throw .unknownProperty(place) }
        if let values = allowableValues(of: property) {
            guard let text = value.string else { throw .wrongType(of: place, value) }
            guard values.contains(text) else { throw .notInList(place, text, values) }
        } else if let present, !present.isNull, !value.isNull, present.typeName != value.typeName {
            throw .wrongType(of: place, value)
        }
    }

    private func takes(_ value: String, for property: String) -> Bool {
        allowableValues(of: property)?.contains(value) ?? false
    }

    private func allowableValues(of property: String) -> [String]? {
        if let listed = object[property + Self.allowable]?.array {
            return listed.compactMap(\.string)
        }
        return switch property {
        case Self.enabled: ["Disabled", "Once", "Continuous"]
        case Self.mode: ["Legacy", "UEFI"]
        case Self.target: BootTarget.allCases.map(\.rawValue) + ["None"]
        default: nil
        }
    }
}
