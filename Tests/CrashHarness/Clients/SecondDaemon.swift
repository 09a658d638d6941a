import Core
import Foundation
import InfraKit
import Processes

/// A second daemon that somebody starts on the state of one that runs, now and then after they have
/// removed the lock's file. It must not serve, or the first must acknowledge nothing any more.
struct SecondDaemon: Sendable {
    let first: ChildProcess
    let plugin: PluginClient
    let auditor: Auditor
    let ledger: Ledger
    let lockPath: String
    let removesLock: Bool
    /// Starts it.
    let start: @Sendable () throws -> ChildProcess

    /// Returns when it has ended, which it does before the first one's successor is started.
    func run(after delay: Duration) async {
        // Not a wait for something: it comes at whatever moment the seed draws.
        do { try await Task.sleep(for: delay) } catch { return }
        guard !first.hasEnded else { return }
        do {
            if removesLock { try FileManager.default.removeItem(atPath: lockPath) }
            let second = try start()
            // When the first is dead this one may serve, and is of no use any more.
            let end = Task {
                await first.waitForEnd()
                await second.end(with: SIGKILL)
            }
            await watch(second)
            await second.end(with: SIGKILL)
            if first.hasEnded { await end.value }
        } catch {
            ledger.note("the second daemon: \(error)")
        }
    }

    private func watch(_ second: ChildProcess) async {
        do {
            try await second.wait(for: "serving")
        } catch {
            // It has ended, as it should.
            return
        }
        do {
            let device = try await auditor.devices().first?.name ?? ""
            _ = try await plugin.call("Rackpool.Cordon", ["Device": .string(device)])
            guard !first.hasEnded, !second.hasEnded else { return }
            ledger.note("two daemons serve one state:\n\(second.output)")
        } catch {
            // The first is dead, or says that it writes nothing any more.
        }
    }
}
