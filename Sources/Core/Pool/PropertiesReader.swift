/// Reads a spec's `Properties` and gathers all mistakes in them.
struct PropertiesReader {
    var mistakes: [String] = []

    mutating func properties(_ json: JSON) -> SpecProperties {
        var result = SpecProperties()
        if json.isNull { return result }
        guard
            let members = object(
                json, at: "Properties",
                known: [
                    "Selector", "Rack", "Require", "Boot", "Media", "PowerOff", "Grace", "Spread",
                    "Note",
                ])
        else { return result }
        for (key, value) in members where !value.isNull {
            let path = "Properties.\(key)"
            switch key {
            case "Selector": result.selector.merge(selector(value, at: path)) { _, new in new }
            case "Require": result.require = requirement(value, at: path)
            case "Boot": result.boot = boot(value, at: path)
            case "Media": result.media = media(value, at: path)
            case "PowerOff": result.powerOff = bool(value, at: path) ?? false
            case "Grace": result.grace = duration(value, at: path) ?? result.grace
            case "Spread": result.spread = text(value, at: path)
            case "Note": _ = string(value, at: path)
            default: break
            }
        }
        if let value = members["Rack"], !value.isNull, let rack = text(value, at: "Properties.Rack")
        {
            if let other = result.selector["rack"], other != rack {
                mistakes.append(
                    "Properties.Rack: is \"\(rack)\", but Selector.rack is \"\(other)\": Rack is"
                        + " short for Selector.rack, give one of them")
            }
            result.selector["rack"] = rack
        }
        return result
    }

    mutating func selector(_ json: JSON, at path: String) -> [String: String] {
        guard let members = json.object else {
            mistake(path, json, "an object of labels")
            return [:]
        }
        var labels: [String: String] = [:]
        for (key, value) in members { labels[key] = string(value, at: "\(path).\(key)") }
        return labels
    }

    mutating func requirement(_ json: JSON, at path: String) -> Requirement {
        var result = Requirement()
        guard
            let members = object(
                json, at: path, known: ["MinCores", "MinMemoryGiB", "Model", "Manufacturer"])
        else { return result }
        for (key, value) in members where !value.isNull {
            let path = "\(path).\(key)"
            switch key {
            case "MinCores":
                if let cores = value.integer, cores >= 0, cores < Int64(Int32.max) {
                    result.minimumCores = Int(cores)
                } else {
                    mistake(path, value, "an integer from 0")
                }
            case "MinMemoryGiB":
                if let memory = value.number, memory >= 0 {
                    result.minimumMemoryGiB = memory
                } else {
                    mistake(path, value, "a number from 0")
                }
            case "Model": result.model = text(value, at: path)
            case "Manufacturer": result.manufacturer = text(value, at: path)
            default: break
            }
        }
        return result
    }

    mutating func boot(_ json: JSON, at path: String) -> BootOverride? {
        guard
            let members = object(json, at: path, known: ["Target", "Mode", "Once", "HttpBootUri"])
        else { return nil }
        var result = BootOverride(target: .pxe)
        guard let target = members["Target"] else {
            mistakes.append(
                "\(path).Target: is missing: give one of \(Self.names(of: BootTarget.self))")
            return nil
        }
        result.target = choice(target, at: "\(path).Target", of: BootTarget.self) ?? .pxe
        if let value = members["Mode"], !value.isNull {
            result.mode = choice(value, at: "\(path).Mode", of: BootMode.self)
        }
        if let value = members["Once"], !value.isNull {
            result.once = bool(value, at: "\(path).Once") ?? true
        }
        if let value = members["HttpBootUri"], !value.isNull,
            let uri = text(value, at: "\(path).HttpBootUri")
        {
            if uri.split(separator: "/", maxSplits: 3).dropFirst().first?.contains("@") == true {
                mistakes.append("\(path).HttpBootUri: \(MediaImage.Problem.secret)")
            } else if !uri.hasPrefix("http://") && !uri.hasPrefix("https://") {
                mistakes.append("\(path).HttpBootUri: \"\(uri)\" is no http:// or https:// URI")
            }
            if result.target != .uefiHttp {
                mistakes.append("\(path).HttpBootUri: goes with Target UefiHttp only")
            }
            result.httpBootURI = uri
        }
        return result
    }

    // MARK: Values

    mutating func object(_ json: JSON, at path: String, known: [String]) -> JSONObject? {
        guard let members = json.object else {
            mistake(path, json, "an object")
            return nil
        }
        for key in members.keys where !known.contains(key) {
            let hint =
                Spelling.nearest(to: key, among: known).map { "did you mean \"\($0)\"?" }
                ?? "known are \(known.joined(separator: ", "))"
            mistakes.append("\(path).\(key): unknown key; \(hint)")
        }
        return members
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ json: JSON, at path: String, of type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let name = string(json, at: path) else { return nil }
        if let choice = Choice(rawValue: name) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        let hint =
            Spelling.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
            ?? "give one of \(Self.names(of: type))"
        mistakes.append("\(path): unknown value \"\(name)\"; \(hint)")
        return nil
    }

    static func names<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type)
        -> String
    where Choice.RawValue == String {
        Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }

    mutating func duration(_ json: JSON, at path: String) -> Duration? {
        guard let text = json.string else {
            mistake(path, json, "a duration such as \"30s\"")
            return nil
        }
        guard let duration = Duration(text: text) else {
            mistakes.append("\(path): \"\(text)\" is no duration such as 500ms, 30s, 5m")
            return nil
        }
        return duration
    }

    mutating func bool(_ json: JSON, at path: String) -> Bool? {
        if json.bool == nil { mistake(path, json, "true or false") }
        return json.bool
    }

    mutating func string(_ json: JSON, at path: String) -> String? {
        if json.string == nil { mistake(path, json, "a string") }
        return json.string
    }

    mutating func text(_ json: JSON, at path: String) -> String? {
        guard let string = string(json, at: path) else { return nil }
        if string.isEmpty {
            mistakes.append("\(path): is empty")
            return nil
        }
        return string
    }

    mutating func mistake(_ path: String, _ json: JSON, _ wanted: String) {
        mistakes.append("\(path): is \(json.typeName) and should be \(wanted)")
    }
}
