import Foundation

/// What the kernel says of a process's memory, in KiB (proc_pid_status(5)).
struct ProcessMemory {
    /// What is resident now.
    let resident: Int
    /// The most that ever was.
    let peak: Int
    /// The part of ``resident`` that is no file's: heap and stacks.
    let anonymous: Int
    let threads: Int
    /// Open files and sockets.
    let descriptors: Int

    init(of process: Int32) throws {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        var values: [Substring: Int] = [:]
        for line in status.split(separator: "\n") {
            let words = line.split { $0 == ":" || $0.isWhitespace }
            if words.count > 1, let value = Int(words[1]) { values[words[0]] = value }
        }
        func value(_ name: Substring) throws -> Int {
            guard let value = values[name] else {
                throw BenchmarkError("/proc/\(process)/status has no \(name)")
            }
            return value
        }
        resident = try value("VmRSS")
        peak = try value("VmHWM")
        anonymous = try value("RssAnon")
        threads = try value("Threads")
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
            .count
    }
}
