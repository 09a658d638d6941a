public import Core
internal import Dispatch
internal import Foundation
internal import Locking
public import Logging

/// A history in a file of JSON lines, appended to; it is rewritten, without what has been pushed
/// out, when it has grown to twice its size.
public final class FileHistory: HistoryKeeping {
    private let file: AtomicFile
    private let logger: Logger
    private let surplus: Int
    private let memory: MemoryHistory
    private let disk = DispatchQueue(label: "rackpool.history")
    private let waiting = Mutex<[HistoryEvent]>([])
    // Only looked at on `disk`.
    private let lines: Mutex<(now: Int, atRewrite: Int)>

    /// Reads what is kept. Lines that make no sense, such as one that a crash cut short, are left
    /// out.
    /// - Throws: ``StoreError`` if there is a file that can't be read.
    public convenience init(path: String, logger: Logger) throws(StoreError) {
        try self.init(path: path, files: SystemFiles(), logger: logger)
    }

    /// Does the same on a file system that fails, or stops, as somebody wants.
    /// - Parameters:
    ///   - limit: how many events are kept a device.
    ///   - surplus: how many lines the file may have beyond twice of what is kept.
    package init(
        path: String, files: any FileSystem, limit: Int = 50, surplus: Int = 1000, logger: Logger
    ) throws(StoreError) {
        file = AtomicFile(path, files)
        self.logger = logger
        self.surplus = surplus
        let bytes: [UInt8]
        do { bytes = try file.read() ?? [] } catch { throw .failed("\(error)") }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        memory = MemoryHistory(limit: limit, events: lines.compactMap { HistoryEvent(line: $0) })
        self.lines = Mutex((lines.count, memory.all.count))
        // What is appended must not run on from a line that a crash cut short.
        if let last = bytes.last, last != UInt8(ascii: "\n") {
            let text = Self.text(of: memory.all)
            do {
                try file.replace { write throws(FileFault) in try write(text) }
            } catch {
                throw .failed("\(error)")
            }
        }
    }

    public func append(_ event: HistoryEvent) {
        memory.append(event)
        let isFirst = waiting.withLock { waiting in
            waiting.append(event)
            return waiting.count == 1
        }
        if isFirst { disk.async { self.flush() } }
    }

    public func events(of device: String) -> [HistoryEvent] {
        memory.events(of: device)
    }

    /// Writes what waits; afterwards all is on disk.
    public func close() async {
        await withCheckedContinuation { continuation in
            disk.async {
                self.flush()
                continuation.resume()
            }
        }
    }

    private func flush() {
        let events = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !events.isEmpty else { return }
        do {
            let (now, atRewrite) = lines.withLock { $0 }
            if now + events.count > 2 * atRewrite + surplus {
                let kept = memory.all
                let text = Self.text(of: kept)
                try file.replace { write throws(FileFault) in try write(text) }
                lines.withLock { $0 = (kept.count, kept.count) }
            } else {
                try file.append(Self.text(of: events))
                lines.withLock { $0.now += events.count }
            }
        } catch {
            logger.error("the history is not on disk: \(error)")
        }
    }

    private static func text(of events: [HistoryEvent]) -> [UInt8] {
        events.flatMap { $0.json.encoded() + [UInt8(ascii: "\n")] }
    }
}

extension HistoryEvent {
    init?(line: some Sequence<UInt8>) {
        guard let json = try? JSON(parsing: line) else { return nil }
        self.init(json: json)
    }
}
