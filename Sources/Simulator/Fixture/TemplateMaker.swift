internal import Core

/// Turns recorded resources into templates: finds what has to differ between BMCs or changes with
/// a system's state. Systems' own resources have to
/// come first, for others repeat their values.
struct TemplateMaker {
    private let systems: [FixtureSystem]
    private var uuids = IdentityNumbers()
    private var macs = IdentityNumbers()
    private var slots: [Slot] = []
    private var system: Int?

    init(systems: [FixtureSystem]) {
        self.systems = systems
    }

    /// - Parameters:
    ///   - system: the system that the resource is.
    ///   - settings: the system whose override is set in the resource.
    mutating func template(
        of recorded: JSON, system: Int?, settings: Int? = nil
    ) -> ResourceTemplate {
        slots = []
        self.system = system
        var marked = recorded
        if let system, case .object(let object) = recorded {
            marked = .object(markState(of: system, in: object))
        } else if let settings, case .object(var object) = marking(recorded, under: "") {
            object["Boot"] = hole(.boot(settings))
            marked = .object(object)
        } else {
            marked = marking(recorded, under: "")
        }
        return ResourceTemplate(marked, slots: slots)
    }

    private mutating func hole(_ slot: Slot) -> JSON {
        slots.append(slot)
        return .string(ResourceTemplate.placeholder(slots.count - 1))
    }

    private mutating func markState(of system: Int, in object: JSONObject) -> JSONObject {
        var marked = JSONObject()
        for (key, value) in object {
            marked[key] =
                switch key {
                case "PowerState": hole(.power(system))
                case "Status": hole(.status(system))
                case "Boot" where value.object != nil && systems[system].bootSettingsPath == nil:
                    hole(.boot(system))
                case "@odata.etag": hole(.etag(system))
                case "AssetTag": hole(.deviceName(system))
                case "HostName" where value.string?.isEmpty == false: hole(.deviceName(system))
                default: marking(value, under: key)
                }
        }
        if object["PowerState"] == nil { marked["PowerState"] = hole(.power(system)) }
        if object["Status"] == nil { marked["Status"] = hole(.status(system)) }
        return marked
    }

    private mutating func marking(_ value: JSON, under key: String) -> JSON {
        switch value {
        case .object(let object):
            return .object(JSONObject(object.map { ($0.key, marking($0.value, under: $0.key)) }))
        case .array(let elements):
            return .array(elements.map { marking($0, under: key) })
        case .string(let text):
            return slot(for: text, under: key).map { hole($0) } ?? value
        default:
            return value
        }
    }

    private mutating func slot(for text: String, under key: String) -> Slot? {
        if key == "SerialNumber" {
            if let system, systems[system].serialNumber == text { return .serialNumber(system) }
            return systems.firstIndex { $0.serialNumber == text }.map { .serialNumber($0) }
        }
        if Self.tagKeys.contains(key) {
            if let system, systems[system].serviceTag == text { return .serviceTag(system) }
            return systems.firstIndex { $0.serviceTag == text }.map { .serviceTag($0) }
        }
        if key == "UUID" || key == "ServiceEntryPointUUID",
            let uuid = SystemIdentity(uuid: text).uuid,
            [uuid.filter { $0 != "-" }, uuid].contains(text.lowercased())
        {
            return .uuid(
                uuids.number(of: uuid, in: system), isHyphenated: text.contains("-"),
                isUpperCase: text.contains { $0.isUppercase })
        }
        if key.lowercased().contains("macaddress"), Self.isMAC(text) {
            return .mac(
                macs.number(of: text, in: nil), upperCase: text.contains { $0.isUppercase })
        }
        return nil
    }

    /// Where Dell repeats a service tag.
    private static let tagKeys: Set = [
        "SKU", "ServiceTag", "ChassisServiceTag", "NodeID", "SystemServiceTag",
    ]

    private static func isMAC(_ text: String) -> Bool {
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        return groups.count == 6
            && groups.allSatisfy { $0.utf8.count == 2 && UInt8($0, radix: 16) != nil }
    }
}
