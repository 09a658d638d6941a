import Core

extension ReplayTable {
    /// The same for a CI system, in JUnit's form: a suite a folder, a case a system's step. What
    /// was not offered is skipped.
    var junit: String {
        var suites = folders.map(Self.suite)
        if let expectedSystems {
            suites.append(
                Suite(
                    name: "all",
                    cases: [
                        Case(
                            group: "all", name: "\(expectedSystems) systems",
                            outcome: shortfall.map { .failed($0) } ?? .passed)
                    ]))
        }
        let lines = suites.flatMap(\.lines)
        return
            (["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites>"] + lines
            + ["</testsuites>", ""]).joined(separator: "\n")
    }

    private static func suite(of folder: ReplayedFolder) -> Suite {
        var suite = Suite(name: folder.name, cases: [])
        if let failure = folder.failure {
            suite.cases.append(
                Case(group: folder.name, name: "recording", outcome: .failed(failure)))
        }
        for system in folder.systems {
            for step in ReplayStep.allCases {
                guard let outcome = system.outcomes[step] else { continue }
                suite.cases.append(
                    Case(
                        group: "\(folder.name).\(system.id)", name: step.rawValue,
                        outcome: outcome))
            }
        }
        return suite
    }

    private struct Suite {
        let name: String
        var cases: [Case]

        var lines: [String] {
            let failures = cases.count { $0.outcome.isFailure }
            let skipped = cases.count { $0.isSkipped }
            let head =
                "name=\"\(name.xml)\" tests=\"\(cases.count)\" failures=\"\(failures)\" "
                + "skipped=\"\(skipped)\""
            return ["  <testsuite \(head)>"] + cases.map(\.line) + ["  </testsuite>"]
        }
    }

    private struct Case {
        let group: String
        let name: String
        let outcome: ReplayOutcome

        var isSkipped: Bool {
            if case .notOffered = outcome { true } else { false }
        }

        var line: String {
            let head = "    <testcase classname=\"\(group.xml)\" name=\"\(name.xml)\""
            return switch outcome {
            case .passed: head + "/>"
            case .notOffered(let reason):
                head + "><skipped message=\"\(reason.xml)\"/></testcase>"
            case .failed(let reason):
                head + "><failure message=\"\(reason.xml)\"/></testcase>"
            }
        }
    }
}

extension String {
    /// As an attribute's value (XML 1.0, 2.2 and 2.4), in characters that are shown; what XML can't hold
    /// is left out.
    fileprivate var xml: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\t", "\n", "\r": text += " "
            case _ where scalar.value < 0x20 || [0xFFFE, 0xFFFF].contains(scalar.value): break
            default: text += String(scalar).printable
            }
        }
    }
}
