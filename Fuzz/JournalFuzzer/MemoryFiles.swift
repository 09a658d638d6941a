internal import Foundation
internal import Synchronization

@testable internal import Core
@testable internal import StateFile

/// A file system in memory that never fails.
final class MemoryFiles: FileSystem {
    /// By path.
    private let contents: Mutex<[String: [UInt8]]>

    init(_ contents: [String: [UInt8]]) {
        self.contents = Mutex(contents)
    }

    func open(_ path: String, for purpose: FilePurpose) throws(FileFault) -> any OpenFile {
        let code: Int32? = contents.withLock { contents in
            switch purpose {
            case .reading: return contents[path] == nil ? ENOENT : nil
            case .creating where contents[path] != nil: return EEXIST
            case .creating, .replacing: contents[path] = []
            case .extending: contents[path, default: []] += []
            }
            return nil
        }
        if let code { throw FileFault(operation: "open", path: path, code: code) }
        return MemoryFile(files: self, path: path)
    }

    func rename(_ path: String, to newPath: String) {
        contents.withLock { $0[newPath] = $0.removeValue(forKey: path) }
    }

    func remove(_ path: String) {
        contents.withLock { $0[path] = nil }
    }

    func names(in folder: String) -> [String] {
        contents.withLock { contents in
            contents.keys.filter { StateNames.folder(of: $0) == folder }.map(StateNames.name(of:))
        }
    }

    func identity(of path: String) -> FileIdentity? {
        contents.withLock { $0[path] == nil ? nil : FileIdentity(device: 1, inode: 1) }
    }

    func hasFolder(_ folder: String) -> Bool { true }

    func syncFolder(_ folder: String) {}

    func makeFolder(_ folder: String) {}

    fileprivate func withFile<Value: Sendable>(
        _ path: String, _ body: @Sendable (inout [UInt8]) -> Value
    ) -> Value {
        contents.withLock { body(&$0[path, default: []]) }
    }
}

private struct MemoryFile: OpenFile {
    let files: MemoryFiles
    let path: String

    func size() -> Int {
        files.withFile(path) { $0.count }
    }

    func read(at offset: Int, count: Int) -> [UInt8] {
        files.withFile(path) { Array($0.dropFirst(offset).prefix(count)) }
    }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Int {
        files.withFile(path) { content in
            let end = offset + bytes.count
            if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
            content.replaceSubrange(offset..<end, with: bytes)
        }
        return bytes.count
    }

    func allocate(_ size: Int) {
        files.withFile(path) { content in
            if content.count < size {
                content += [UInt8](repeating: 0, count: size - content.count)
            }
        }
    }

    func sync() {}

    func truncate(_ size: Int) {
        files.withFile(path) { $0.removeLast(max(0, $0.count - size)) }
    }

    func identity() -> FileIdentity { FileIdentity(device: 1, inode: 1) }

    func lock() {}

    func close() {}
}
