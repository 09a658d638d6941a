import Foundation
import Processes

/// How long one sweep took.
struct SweepTime {
    let wall: Duration
    /// The client's processor time, on all cores.
    let processor: Duration

    /// The run with the median wall time.
    static func median(_ times: [SweepTime]) -> SweepTime {
        let sorted = times.sorted { $0.wall < $1.wall }
        return sorted.isEmpty
            ? SweepTime(wall: .zero, processor: .zero) : sorted[(sorted.count - 1) / 2]
    }
}

/// Others' clients, on the same rack.
struct SweepPeers {
    let rack: WebServerRack
    let folder: String
    /// How many transfers or threads at one time.
    let concurrency: Int

    /// `curl --parallel` with three URLs a BMC: first all roots, so that the rest finds its
    /// connections open.
    func curl() async throws -> SweepTime {
        let config = folder + "/curl.config"
        var text = "silent\nshow-error\nfail\n"
        for path in WebServerRack.paths {
            for url in rack.urls { text += "url = \"\(url)\(path)\"\noutput = /dev/null\n" }
        }
        try text.write(toFile: config, atomically: true, encoding: .utf8)
        // curl takes 300 at the most. The shell's `times` says what its children have used.
        let command =
            "curl --parallel --parallel-immediate --parallel-max \(min(concurrency, 300))"
            + " --cacert \(rack.authorityFile) --config \(config) && times && echo swept"
        let start = ContinuousClock.now
        let child = try await ChildProcess.start("/bin/sh", ["-c", command], until: "swept")
        let wall = ContinuousClock.now - start
        await child.end()
        return SweepTime(wall: wall, processor: try Self.processorTime(of: child.output))
    }

    /// From what `times` prints: `0m0.010000s 0m0.002000s`, of the shell and then of its children.
    static func processorTime(of output: String) throws -> Duration {
        let words = output.split(whereSeparator: \.isWhitespace).filter { $0.hasSuffix("s") }
        let seconds = words.suffix(2).map { word in
            let parts = word.dropLast().split(separator: "m").compactMap { Double($0) }
            return parts.count == 2 ? parts[0] * 60 + parts[1] : 0
        }
        guard seconds.count == 2 else { throw BenchmarkError("curl: no figures: \(output)") }
        return .seconds(seconds[0] + seconds[1])
    }

    /// A Python library with a pool of threads.
    /// - Parameter python: the interpreter of the environment that has it.
    func python(_ library: String, _ python: String, script: String) async throws -> SweepTime {
        let child = try await ChildProcess.start(
            python,
            [script, library, rack.authorityFile, "\(min(concurrency, 64))", rack.addressFile],
            until: " end\n")
        let words = child.output.split(whereSeparator: \.isWhitespace)
        await child.end()
        guard let mark = words.lastIndex(of: "sweep"), words.count > mark + 2,
            let wall = Double(words[mark + 1]), let cpu = Double(words[mark + 2])
        else { throw BenchmarkError("\(library): no figures") }
        return SweepTime(wall: .seconds(wall), processor: .seconds(cpu))
    }
}
