public import ArgumentParser
import Foundation
public import Simulator

extension Dialect: ExpressibleByArgument {}

extension Dialect {
    /// A line each.
    static var list: String {
        let width = allCases.map(\.rawValue.count).max() ?? 0
        return allCases.map { dialect in
            "  \(dialect.rawValue.padding(toLength: width + 2, withPad: " ", startingAt: 0))"
                + dialect.summary
        }.joined(separator: "\n")
    }
}
