import Core

extension ReplayTable {
    /// The same for a program: an array, a folder an object.
    var json: JSON {
        .array(folders.map(Self.json))
    }

    private static func json(of folder: ReplayedFolder) -> JSON {
        var object: JSONObject = [
            "Folder": .string(folder.name), "Passed": .bool(!folder.hasFailed),
            "Systems": .array(folder.systems.map(json)),
        ]
        object["Failure"] = folder.failure.map { JSON.string($0) }
        return .object(object)
    }

    private static func json(of system: ReplayedSystem) -> JSON {
        let facts = system.facts
        var object: JSONObject = ["System": .string(system.id)]
        object["Make"] = JSON(facts?.manufacturer)
        object["Model"] = JSON(facts?.model)
        object["Processors"] = facts?.processorCount.map { JSON($0) } ?? .null
        object["MemoryGiB"] = facts?.memoryGiB.map { JSON.real($0) } ?? .null
        object["Power"] = JSON(system.observation?.power.rawValue)
        object["Health"] = JSON((system.report?.health ?? system.observation?.health)?.rawValue)
        object["Reasons"] = .array(
            (system.report?.reasons ?? system.observation?.reasons ?? []).map(JSON.string))
        var steps = JSONObject()
        for step in ReplayStep.allCases {
            switch system.outcomes[step] {
            case .passed: steps[step.rawValue] = ["Outcome": "ok"]
            case .notOffered(let reason):
                steps[step.rawValue] = ["Outcome": "not offered", "Reason": .string(reason)]
            case .failed(let reason):
                steps[step.rawValue] = ["Outcome": "failed", "Reason": .string(reason)]
            case nil: break
            }
        }
        object["Steps"] = .object(steps)
        return .object(object)
    }
}
