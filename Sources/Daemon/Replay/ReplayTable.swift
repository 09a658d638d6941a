import Core

/// Shows a replay to a person.
struct ReplayTable {
    let folders: [ReplayedFolder]
    /// Folders beside them that hold no service.
    var others: [String] = []

    /// How many systems there are to be; nil if that is not known.
    var expectedSystems: Int?

    /// How many systems were replayed.
    var systemCount: Int { folders.reduce(0) { $0 + $1.systems.count } }

    /// Why the whole has failed though each folder may have passed; nil if it has not.
    var shortfall: String? {
        guard let expectedSystems, expectedSystems != systemCount else { return nil }
        return "\(Self.count(systemCount, "system")) instead of \(expectedSystems)"
    }

    var hasFailed: Bool { shortfall != nil || folders.contains(where: \.hasFailed) }

    /// The table, then what failed and what was not offered, a line each, then a sum.
    var lines: [String] {
        var lines = TextTable.lines([Self.titles] + folders.flatMap(rows))
        let failures = details(\.isFailure)
        if !failures.isEmpty { lines += ["", "Failed:"] + failures.map { "  " + $0 } }
        let missing = details { outcome in
            if case .notOffered = outcome { true } else { false }
        }
        if !missing.isEmpty {
            lines += ["", "Not offered by the recording:"] + missing.map { "  " + $0 }
        }
        if !others.isEmpty { lines += ["", "No recordings: " + others.joined(separator: ", ")] }
        return lines + ["", summary]
    }

    private static let titles =
        ["FOLDER", "SYSTEM", "MAKE", "MODEL", "CPUS", "MEMORY", "POWER", "HEALTH"]
        + ReplayStep.allCases.map { $0.rawValue.uppercased() }

    private func rows(of folder: ReplayedFolder) -> [[String]] {
        if let failure = folder.failure, folder.systems.isEmpty {
            return [[folder.name, "-", "failed: \(Self.short(failure))"]]
        }
        return folder.systems.map { system in
            let facts = system.facts
            let memory = facts?.memoryGiB.map { "\(Self.number($0)) GiB" }
            let cells = [
                folder.name, system.id, facts?.manufacturer, facts?.model,
                facts?.processorCount.map { "\($0)" }, memory,
                system.observation?.power.rawValue, Self.health(of: system),
            ]
            return cells.map { $0.map { Self.short($0, 32) } ?? "-" }
                + ReplayStep.allCases.map { Self.cell(system.outcomes[$0]) }
        }
    }

    private func details(_ isWanted: (ReplayOutcome) -> Bool) -> [String] {
        folders.flatMap { folder in
            var lines: [String] = []
            if let failure = folder.failure, isWanted(.failed(failure)) {
                lines.append("\(folder.name): \(failure)")
            }
            for system in folder.systems {
                for step in ReplayStep.allCases {
                    guard let outcome = system.outcomes[step], isWanted(outcome) else { continue }
                    switch outcome {
                    case .failed(let reason), .notOffered(let reason):
                        lines.append("\(folder.name) \(system.id): \(step.rawValue): \(reason)")
                    case .passed: break
                    }
                }
            }
            return lines
        }
    }

    private var summary: String {
        let failed = folders.count(where: \.hasFailed)
        let faults =
            (failed == 0 ? [] : ["\(Self.count(failed, "folder")) failed"])
            + [shortfall].compactMap(\.self)
        return "\(Self.count(folders.count, "folder")), \(Self.count(systemCount, "system")): "
            + (faults.isEmpty ? "all passed" : faults.joined(separator: ", "))
    }

    private static func health(of system: ReplayedSystem) -> String? {
        system.report?.health.rawValue ?? system.observation?.health.rawValue
    }

    private static func cell(_ outcome: ReplayOutcome?) -> String {
        switch outcome {
        case .passed: "ok"
        case .notOffered: "not offered"
        case .failed: "FAILED"
        case nil: "-"
        }
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : String(value)
    }

    private static func short(_ text: String, _ limit: Int = 60) -> String {
        text.count > limit ? text.prefix(limit - 1) + "…" : text
    }
}
