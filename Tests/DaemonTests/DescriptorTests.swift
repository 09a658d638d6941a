import Core
import Foundation
import Processes
import Simulator
import SystemLimits
import Testing

@testable import rackpool

@Suite("A daemon with few descriptors", .timeLimit(.minutes(5)))
struct DescriptorTests {
    /// Connections to a Unix socket on which nothing is ever sent.
    private final class IdleClients: Sendable {
        private let files: [CInt]

        init(_ count: Int, at path: String) throws {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            files = try (0..<count).map { _ in
                let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
                let file = socket(AF_UNIX, kind, 0)
                let result = withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                        connect(file, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
                    }
                }
                try #require(file >= 0 && result == 0)
                return file
            }
        }

        deinit { for file in files { close(file) } }
    }

    /// Sets how many descriptors the daemon may have open, without a change of what it may ask for.
    private static func setLimit(_ limit: Int, of rig: Rig) async throws {
        let file = rig.home + "/plugins/rackpool.pid"
        let process = try String(contentsOfFile: file, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let change = try ChildProcess(
            "/usr/bin/prlimit", ["--pid", process, "--nofile=\(limit):"], limit: .seconds(30))
        await change.waitForEnd()
        #expect(change.output.isEmpty, "\(change.output)")
    }

    @Test("has some for its BMCs however many clients hold connections", arguments: [256, 1024])
    func idleClients(_ limit: Int) async throws {
        OpenFileLimit.raise()
        try await Rig.with(40, dialects: [.closesSecond]) { rig in
            let daemon = try ChildProcess(
                "/bin/sh",
                [
                    "-c", "ulimit -n \(limit); exec \"$0\" \"$@\"", Rig.executable, "--inventory",
                    rig.home + "/inventory.yaml", "--interval", "2m", "--look-distance", "0s",
                ], environment: ["INFRAKIT_HOME": rig.home, "INFRAKIT_PLUGINS_DIR": ""],
                limit: .seconds(170))
            try await daemon.wait(for: "serving")
            #expect(daemon.output.contains("\(limit) descriptors: "))
            let id = try await rig.provision()
            let clients = try IdleClients(limit * 2, at: rig.home + "/plugins/rackpool")
            try await rig.sync(5)
            #expect(try await rig.described() == [id])
            #expect(!daemon.output.contains("lacks"))
            withExtendedLifetime(clients) {}
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("that run out replaces no server, and says so once")
    func runOut() async throws {
        try await Rig.with(8, dialects: [.closesSecond]) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            try await rig.sync(2)
            // None is free any more; the connection that we speak over stays.
            try await Self.setLimit(5, of: rig)
            try await rig.sync(6)
            #expect(try await rig.described() == [id])
            #expect(daemon.output.contains("this machine lacks what it takes to look at 8 devices"))
            #expect(daemon.output.contains("Too many open files"))
            try await Self.setLimit(1024, of: rig)
            try await rig.sync(2)
            try await daemon.wait(for: "has what it takes to look at all devices again")
            #expect(daemon.output.components(separatedBy: "lacks what it takes to look").count == 2)
            #expect(!daemon.output.contains("non-functional"))
            #expect(!daemon.output.contains("frozen"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("that are too few to begin with says how many it needs")
    func tooFew() async throws {
        try await Rig.with(1) { rig in
            let daemon = try ChildProcess(
                "/bin/sh",
                [
                    "-c", "ulimit -n 100; exec \"$0\" \"$@\"", Rig.executable, "--inventory",
                    rig.home + "/inventory.yaml",
                ], environment: ["INFRAKIT_HOME": rig.home, "INFRAKIT_PLUGINS_DIR": ""],
                limit: .seconds(60))
            await daemon.waitForEnd()
            #expect(
                daemon.output.contains("the system grants 100 descriptors, and 160 are the least"))
        }
    }

    @Test("shares them out", arguments: [160, 256, 1024, 4096, 1 << 20], [false, true])
    func shares(_ granted: Int, _ listensToEvents: Bool) throws {
        let budget = try DescriptorBudget(
            granted: granted, clients: 2048, devices: 500, listensToEvents: listensToEvents)
        let sum = budget.clients + budget.bmcs + budget.events + 4 * budget.connecting
        #expect(sum <= granted - 96)
        #expect(budget.clients >= 16 && budget.clients <= 2048 && budget.bmcs >= budget.clients / 2)
        #expect(budget.bmcs >= 15 && budget.connecting >= 4)
        #expect(listensToEvents ? budget.events > 0 && budget.events <= 500 : budget.events == 0)
    }

    @Test("leaves a simulated rack what it takes, or does not begin")
    func simulated() throws {
        let budget = try DescriptorBudget(
            granted: 1024, simulated: 500, clients: 2048, devices: 500, listensToEvents: false)
        #expect(500 + budget.clients + 2 * budget.bmcs + 4 * budget.connecting <= 1024 - 96)
        #expect(throws: DescriptorBudget.Shortage.self) {
            try DescriptorBudget(
                granted: 1024, simulated: 900, clients: 1, devices: 900, listensToEvents: false)
        }
    }
}
