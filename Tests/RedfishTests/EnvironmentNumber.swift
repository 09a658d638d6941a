import Foundation

/// A number from the environment, for tests that may be run longer.
enum EnvironmentNumber {
    static func read(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
}
