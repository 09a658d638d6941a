import ArgumentParser
import InfraKit
import Core
import Foundation

/// How much memory the plugin takes with many devices.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Measure the plugin's resident memory with 10,000 devices.",
        discussion: """
            The rack is a process of its own, so that the plugin's figures are the plugin's alone. \
            The peer is a plugin with one device: what the program takes by itself.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "How many devices.")
    var devices = 10_000

    @Option(help: "How many provisions run at one time.")
    var callers = 500

    @Flag(help: "Speak HTTP with the BMCs instead of HTTPS.")
    var http = false

    /// After how many provisions the memory is looked at.
    private static let marks = [0, 500, 2000]

    func validate() throws {
        guard (2000...50_000).contains(devices) else {
            throw ValidationError("--devices \(devices): give a number from 2000 to 50000.")
        }
        guard callers > 0 else {
            throw ValidationError("--callers \(callers): give a number from 1.")
        }
    }

    func run() async throws {
        try await options.inTemporaryFolder { folder, executable in
            var table = Table([
                "rackpool", "VmRSS MB", "VmHWM MB", "heap and stacks MB", "threads", "descriptors",
            ])
            for (count, marks) in [(1, [0]), (devices, Self.marks)] {
                let home = try folder.subfolder("\(count)")
                let rack = try await SimulatorProcess.start(
                    executable, count: count, https: !http, folder: home + "/rack")
                do {
                    let plugin = try await Plugin.start(
                        executable, home: home, inventory: rack.inventory)
                    do {
                        try await measure(plugin, devices: count, marks, into: &table)
                    } catch {
                        await plugin.end()
                        throw error
                    }
                    await plugin.end()
                } catch {
                    await rack.end()
                    throw error
                }
                await rack.end()
            }
            print("BMCs over \(http ? "HTTP" : "HTTPS"), \(callers) provisions at one time:")
            table.print()
        }
    }

    private func measure(
        _ plugin: Plugin, devices: Int, _ marks: [Int], into table: inout Table
    ) async throws {
        var done = 0
        for mark in marks {
            _ = try await Load.run(count: mark - done, callers: min(callers, mark - done)) { _ in
                _ = try await plugin.provision(SampleSpec.toProvision)
            }
            done = mark
            // The first answer, too: it is there once the daemon is done with its start.
            _ = try await plugin.client.call("Handshake.Hello")
            let memory = try ProcessMemory(of: plugin.id)
            let time = mark == 0 ? "after the start" : "after \(mark.text) provisions"
            table.add([
                "\(devices.text) device\(devices == 1 ? "" : "s"), \(time)",
                Self.megabytes(memory.resident), Self.megabytes(memory.peak),
                Self.megabytes(memory.anonymous), "\(memory.threads)", "\(memory.descriptors)",
            ])
        }
    }

    private static func megabytes(_ kibibytes: Int) -> String {
        (Double(kibibytes) * 1024 / 1_000_000).text(1)
    }
}
