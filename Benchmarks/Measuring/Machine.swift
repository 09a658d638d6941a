import Foundation

/// What the figures were seen on.
enum Machine {
    /// The processor, its cores, the memory, the kernel, and how busy it is.
    static var description: String {
        let model = line("model name", in: "/proc/cpuinfo") ?? "unknown processor"
        let memory = line("MemTotal", in: "/proc/meminfo") ?? "unknown memory"
        let kernel = text("/proc/sys/kernel/osrelease")
        let load = text("/proc/loadavg").split(separator: " ").first ?? "unknown"
        let cores = ProcessInfo.processInfo.processorCount
        return "\(model), \(cores) cores, \(memory), Linux \(kernel), load \(load)"
    }

    private static func text(_ path: String) -> String {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    }

    private static func line(_ name: String, in path: String) -> String? {
        let line = text(path).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: ":", maxSplits: 1).last?
            .trimmingCharacters(in: .whitespaces)
    }
}
