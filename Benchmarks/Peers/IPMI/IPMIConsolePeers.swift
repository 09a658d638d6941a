import Core
import Foundation
import Processes

/// Others' consoles, on the same BMCs.
struct IPMIConsolePeers {
    let devices: [Device]
    let folder: String
    /// The cipher suite's number.
    let suite: Int

    /// FreeIPMI's `ipmipower --stat`: one process, one thread, all BMCs at once.
    func ipmipower() async throws -> SweepTime {
        let hosts = try places().map { "\($0.host):\($0.port)" }.joined(separator: ",")
        return try await time(
            "/usr/sbin/ipmipower --stat --driver-type LAN_2_0 --privilege-level OPERATOR"
                + " --cipher-suite-id \(suite) --username \(username) --password \(password)"
                + " --hostname \(hosts)", expecting: ": off")
    }

    /// `ipmitool power status`, a process for each BMC and so many of them at one time.
    func ipmitool(parallel: Int) async throws -> SweepTime {
        let file = folder + "/places"
        let lines = try places().map { "-H \($0.host) -p \($0.port)\n" }
        try lines.joined().write(toFile: file, atomically: true, encoding: .utf8)
        return try await time(
            "xargs -P \(parallel) -L 1 -a \(file) /usr/bin/ipmitool -I lanplus -C \(suite)"
                + " -L OPERATOR -U \(username) -P \(password) power status",
            expecting: "Power is off")
    }

    private var username: String { devices.first?.credentials.username ?? "" }
    private var password: String { devices.first?.credentials.password.reveal() ?? "" }

    private func places() throws -> [(host: String, port: Int)] {
        try devices.map { device in
            guard let url = URLComponents(string: device.bmc), let host = url.host else {
                throw BenchmarkError("\(device.bmc): no address")
            }
            return (host, url.port ?? 623)
        }
    }

    /// Runs a command; the shell's `times` says what its children have used.
    /// - Parameter text: what has to be written for each BMC.
    private func time(_ command: String, expecting text: String) async throws -> SweepTime {
        let output = folder + "/output"
        let script = folder + "/script"
        try "\(command) > \(output) 2>&1\ntimes\necho swept\n"
            .write(toFile: script, atomically: true, encoding: .utf8)
        let start = ContinuousClock.now
        let child = try await ChildProcess.start("/bin/sh", [script], until: "swept")
        let wall = ContinuousClock.now - start
        await child.end()
        let answers = try String(contentsOfFile: output, encoding: .utf8)
        let count = answers.split(separator: "\n").count { $0.contains(text) }
        guard count == devices.count else {
            throw BenchmarkError(
                "\(count) of \(devices.count) BMCs answered: \(answers.prefix(500))")
        }
        return SweepTime(
            wall: wall, processor: try SweepPeers.processorTime(of: child.output))
    }
}
