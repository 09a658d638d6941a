internal import Core

/// Reads a method's params as Go's `encoding/json` reads them into the reference's structs: unknown
/// keys are passed over, an absent or null value is the type's zero, and a key matches in another
/// case too if none matches exactly.
struct ParameterReader {
    private let members: JSONObject
    private let path: String

    init(_ members: JSONObject, path: String = "params") {
        self.members = members
        self.path = path
    }

    func json(_ key: String) -> JSON {
        if let exact = members[key] { return exact }
        let folded = key.lowercased()
        // Go assigns in order of appearance, so that the last one stays.
        return members.reversed().first { $0.key.lowercased() == folded }?.value ?? .null
    }

    func string(_ key: String) throws(RPCFault) -> String {
        let value = json(key)
        if value.isNull { return "" }
        guard let string = value.string else { throw mismatch(key, "a string", value) }
        return string
    }

    func bool(_ key: String) throws(RPCFault) -> Bool {
        let value = json(key)
        if value.isNull { return false }
        guard let bool = value.bool else { throw mismatch(key, "a boolean", value) }
        return bool
    }

    func object(_ key: String) throws(RPCFault) -> ParameterReader {
        let value = json(key)
        if value.isNull { return ParameterReader([:], path: "\(path).\(key)") }
        guard let object = value.object else { throw mismatch(key, "an object", value) }
        return ParameterReader(object, path: "\(path).\(key)")
    }

    /// An object of strings, such as tags; their keys are taken as they stand.
    func stringsByName(_ key: String) throws(RPCFault) -> [String: String] {
        let reader = try object(key)
        var strings: [String: String] = [:]
        for (name, value) in reader.members {
            if let string = value.string {
                strings[name] = string
            } else if value.isNull {
                strings[name] = ""
            } else {
                throw reader.mismatch(name, "a string", value)
            }
        }
        return strings
    }

    func strings(_ key: String) throws(RPCFault) -> [String] {
        try elements(key) { (element, place) throws(RPCFault) in
            guard let string = element.isNull ? "" : element.string else {
                throw Self.mismatch(at: place, "a string", element)
            }
            return string
        }
    }

    func objects(_ key: String) throws(RPCFault) -> [ParameterReader] {
        try elements(key) { (element, place) throws(RPCFault) in
            guard let object = element.isNull ? [:] : element.object else {
                throw Self.mismatch(at: place, "an object", element)
            }
            return ParameterReader(object, path: place)
        }
    }

    private func elements<Element>(
        _ key: String, each: (JSON, String) throws(RPCFault) -> Element
    ) throws(RPCFault) -> [Element] {
        let value = json(key)
        if value.isNull { return [] }
        guard let array = value.array else { throw mismatch(key, "an array", value) }
        var elements: [Element] = []
        for (index, element) in array.enumerated() {
            elements.append(try each(element, "\(path).\(key)[\(index)]"))
        }
        return elements
    }

    private func mismatch(_ key: String, _ wanted: String, _ value: JSON) -> RPCFault {
        Self.mismatch(at: "\(path).\(key)", wanted, value)
    }

    private static func mismatch(at place: String, _ wanted: String, _ value: JSON) -> RPCFault {
        .invalidRequest("\(place) must be \(wanted), not \(value.typeName)")
    }
}
