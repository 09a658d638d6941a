public import Core

/// What a BMC says of itself over IPMI: see ``IPMIProvider/inspect(_:entries:)``.
public struct IPMIInspection: Sendable, Hashable {
    /// What belongs together: `BMC`, `Sensors`.
    public struct Section: Sendable, Hashable {
        public var title: String
        public var rows: [Row] = []
    }

    /// One thing that is told.
    public struct Row: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    public var sections: [Section] = []
    /// What was not told, or makes no sense, a sentence each.
    public var problems: [String] = []
    /// Why there was no session, or it broke; nil if all that was wanted was asked.
    public var failure: ProviderError?
    /// Whether a session was tried: without a user there is none.
    public var hasSession = false
    /// Whether the power state is told, without which the BMC can't be used.
    public var tellsPower = false
    /// Whether the session may switch the power: a user's may just look (IPMI v2.0 appendix G).
    public var maySwitch = true
    /// How many requests it took, without those that open sessions.
    public var requests = 0

    /// Whether the BMC can be used, as far as was asked.
    public var isUsable: Bool {
        hasSession ? tellsPower && maySwitch : failure == nil
    }

    mutating func add(_ title: String, _ rows: [(String, String?)]) {
        let told = rows.compactMap { name, value in value.map { Row(name: name, value: $0) } }
        guard !told.isEmpty else { return }
        sections.append(Section(title: title, rows: told))
    }
}

extension IPMIInspection {
    /// The inspection for a person, line by line.
    public var lines: [String] {
        var lines: [String] = []
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            lines.append(section.title)
            let width = section.rows.map(\.name.count).max() ?? 0
            lines += section.rows.map { row in
                "  " + row.name + String(repeating: " ", count: width - row.name.count + 2)
                    + row.value
            }
        }
        if !problems.isEmpty { lines += ["", "Remarks"] + problems.map { "  \($0)" } }
        let verdict =
            switch (failure, hasSession) {
            case (.some(let failure), _) where !isUsable:
                "Rackpool can't steer this BMC: \(failure)"
            case (.some(let failure), _):
                "Rackpool can steer this BMC's system; the inspection broke off: \(failure)"
            case (nil, false): "Nobody logged in; give --username to see the rest."
            case (nil, true):
                if !tellsPower {
                    "Rackpool can't steer this BMC: it does not tell the power state."
                } else if !maySwitch {
                    "Rackpool can't steer this BMC with the privilege user: to switch the power"
                        + " takes operator or administrator."
                } else {
                    "Rackpool can steer this BMC's system."
                }
            }
        return lines + ["", "\(verdict) (\(requests) requests)"]
    }

    /// The inspection for a program.
    public var json: JSON {
        [
            "Sections": .array(
                sections.map { section in
                    [
                        "Title": .string(section.title),
                        "Rows": .array(
                            section.rows.map { row in
                                ["Name": .string(row.name), "Value": .string(row.value)]
                            }),
                    ]
                }),
            "Problems": .array(problems.map(JSON.string)),
            "Failure": JSON(failure?.message), "Usable": .bool(isUsable),
            "Requests": JSON(requests),
        ]
    }
}
