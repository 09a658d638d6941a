import ArgumentParser
import Foundation

/// What all benchmarks are told.
struct SharedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rackpool to measure. (default: the one built beside this program)",
            valueName: "path"))
    var rackpool: String?

    @Option(
        help: ArgumentHelp(
            "Where to put the temporary folder: the disk under it is measured, too.",
            valueName: "folder"))
    var folder = "/tmp"

    /// The executable to measure.
    /// - Throws: if there is none.
    func executable() throws -> String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = rackpool ?? own.deletingLastPathComponent().appending(path: "rackpool").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchmarkError("\(path): no such executable: build it, or give --rackpool")
        }
        return path
    }

    /// Runs a measurement in a folder of its own, which is removed at the end.
    func inTemporaryFolder(_ body: (TemporaryFolder, _ executable: String) async throws -> Void)
        async throws
    {
        #if DEBUG
            print("warning: a debug build says nothing; run with: swift run -c release benchmarks")
        #endif
        print("machine: \(Machine.description)")
        let folder = try TemporaryFolder(in: self.folder)
        defer { folder.remove() }
        try await body(folder, try executable())
    }
}
