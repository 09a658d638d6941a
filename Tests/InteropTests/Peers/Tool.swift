import Processes
import Foundation
import Testing

@testable import rackpool

/// One run of another's command-line tool.
struct Tool: Sendable {
    /// Standard output and error.
    let output: String
    /// The exit status.
    let status: Int

    /// Runs a tool until it ends.
    static func run(_ executable: String, _ arguments: [String]) async throws -> Tool {
        let mark = "exit status: "
        let child = try ChildProcess(
            "/bin/sh", ["-c", "\"$@\"; echo \"\(mark)$?\"", "sh", executable] + arguments,
            limit: .seconds(120))
        await child.waitForEnd()
        let end = try #require(child.output.range(of: mark, options: .backwards), "\(executable)")
        let status = child.output[end.upperBound...].filter(\.isNumber)
        return Tool(
            output: String(child.output[..<end.lowerBound]), status: try #require(Int(status)))
    }

    /// `ipmitool` over RMCP+.
    /// - Parameters:
    ///   - suite: the cipher suite's number.
    ///   - level: the privilege that it asks for, in its words.
    static func ipmitool(
        _ bmc: LoopbackAddress, suite: Int = 3, user: IPMIUser, level: String = "ADMINISTRATOR",
        _ words: String...
    ) async throws -> Tool {
        try await ipmitool(bmc, suite: suite, user: user, level: level, words: words)
    }

    static func ipmitool(
        _ bmc: LoopbackAddress, suite: Int, user: IPMIUser, level: String = "ADMINISTRATOR",
        words: [String]
    ) async throws -> Tool {
        try await run(
            "/usr/bin/ipmitool",
            [
                "-I", "lanplus", "-H", bmc.host, "-p", "\(bmc.port)", "-C", "\(suite)",
                "-U", user.name, "-P", user.password, "-L", level,
            ] + words)
    }
}
