import Glibc

@testable import Core
@testable import StateFile

/// A process's view of a ``FaultyDisk``.
struct FaultyFiles: FileSystem {
    let disk: FaultyDisk
    let process: Int

    func open(_ path: String, for purpose: FilePurpose) throws(FileFault) -> any OpenFile {
        let kind: DiskCall = purpose == .reading ? .open : .create
        let id = try disk.call(kind, path, of: process) { content, _ throws(DiskErrno) in
            let present = content.folder[path]
            switch (purpose, present) {
            case (.reading, nil): throw DiskErrno(code: ENOENT)
            case (.creating, .some): throw DiskErrno(code: EEXIST)
            case (.reading, let id?), (.extending, let id?): return id
            // An emptied file is as good as a new one.
            case (.replacing, _), (.creating, nil), (.extending, nil):
                let id = content.newFile()
                content.folder[path] = id
                content.pendingEntries.append(.link(path, id))
                return id
            }
        }
        return FaultyFile(disk: disk, process: process, path: path, id: id)
    }

    func rename(_ path: String, to newPath: String) throws(FileFault) {
        try disk.call(.rename, path, of: process) { content, _ throws(DiskErrno) in
            guard let id = content.folder[path] else { throw DiskErrno(code: ENOENT) }
            content.folder[path] = nil
            content.folder[newPath] = id
            content.pendingEntries.append(.rename(path, to: newPath, id))
        }
    }

    func remove(_ path: String) throws(FileFault) {
        try disk.call(.remove, path, of: process) { content, _ throws(DiskErrno) in
            guard content.folder[path] != nil else { throw DiskErrno(code: ENOENT) }
            content.folder[path] = nil
            content.pendingEntries.append(.unlink(path))
        }
    }

    func names(in folder: String) throws(FileFault) -> [String] {
        try disk.call(.list, folder, of: process) { content, _ throws(DiskErrno) in
            content.folder.keys.filter { StateNames.folder(of: $0) == folder }
                .map { StateNames.name(of: $0) }
        }
    }

    func identity(of path: String) throws(FileFault) -> FileIdentity? {
        try disk.call(.stat, path, of: process) { content, _ throws(DiskErrno) in
            content.folder[path].map { FileIdentity(device: 1, inode: UInt64($0)) }
        }
    }

    func syncFolder(_ folder: String) throws(FileFault) {
        try disk.call(.syncFolder, folder, of: process) { content, _ throws(DiskErrno) in
            content.syncFolder(folder)
        }
    }

    func hasFolder(_ folder: String) throws(FileFault) -> Bool {
        try disk.call(.stat, folder, of: process) { content, _ throws(DiskErrno) in
            folder == "." || content.folders.contains(folder)
        }
    }

    func makeFolder(_ folder: String) throws(FileFault) {
        try disk.call(.makeFolder, folder, of: process) { content, _ throws(DiskErrno) in
            if content.folders.insert(folder).inserted {
                content.pendingEntries.append(.folder(folder))
            }
        }
    }
}

private struct FaultyFile: OpenFile {
    let disk: FaultyDisk
    let process: Int
    let path: String
    let id: Int

    func size() throws(FileFault) -> Int {
        try disk.call(.stat, path, of: process) { content, _ throws(DiskErrno) in
            content.files[id]?.cached.count ?? 0
        }
    }

    func read(at offset: Int, count: Int) throws(FileFault) -> [UInt8] {
        try disk.call(.read, path, of: process) { content, _ throws(DiskErrno) in
            Array(content.files[id]?.cached.dropFirst(offset).prefix(count) ?? [])
        }
    }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(FileFault) -> Int {
        try disk.call(.write, path, of: process) { content, extent throws(DiskErrno) in
            let part = extent == .whole ? bytes : bytes.prefix(bytes.count / 2)
            try content.checkSpace(for: id, size: offset + part.count)
            content.change(id, .bytes(Array(part), at: offset))
            return part.count
        }
    }

    func allocate(_ size: Int) throws(FileFault) {
        try disk.call(.allocate, path, of: process) { content, _ throws(DiskErrno) in
            try content.checkSpace(for: id, size: size)
            content.change(id, .size(size))
        }
    }

    func truncate(_ size: Int) throws(FileFault) {
        try disk.call(.truncate, path, of: process) { content, _ throws(DiskErrno) in
            content.change(id, .cut(size))
        }
    }

    func identity() throws(FileFault) -> FileIdentity {
        try disk.call(.stat, path, of: process) { _, _ throws(DiskErrno) in
            FileIdentity(device: 1, inode: UInt64(id))
        }
    }

    func sync() throws(FileFault) {
        try disk.call(.sync, path, of: process) { content, extent throws(DiskErrno) in
            switch extent {
            case .whole: content.sync(id)
            // What a failed sync leaves out is never tried again, though it is read back.
            case .half: content.settle(id)
            }
        }
    }

    // Whoever had the lock is dead: no two processes live on one disk.
    func lock() throws(FileFault) {
        try disk.call(.lock, path, of: process) { _, _ throws(DiskErrno) in }
    }

    func close() {}
}

extension FaultyDisk.Content {
    fileprivate func checkSpace(for id: Int, size: Int) throws(DiskErrno) {
        let growth = max(0, size - (files[id]?.cached.count ?? 0))
        if let capacity, growth > 0, used + growth > capacity { throw DiskErrno(code: ENOSPC) }
    }

    fileprivate mutating func change(_ id: Int, _ write: Write) {
        switch write {
        case .size(let size): Self.grow(&files[id, default: File()].cached, to: size)
        case .cut(let size): Self.cut(&files[id, default: File()].cached, to: size)
        case .bytes(let bytes, let start):
            Self.grow(&files[id, default: File()].cached, to: start + bytes.count)
            files[id]?.cached.replaceSubrange(start..<(start + bytes.count), with: bytes)
        }
        files[id]?.pending.append(write)
    }

    fileprivate mutating func sync(_ id: Int) {
        guard var file = files[id] else { return }
        for write in file.pending {
            switch write {
            case .size(let size): Self.grow(&file.durable, to: size)
            case .cut(let size): Self.cut(&file.durable, to: size)
            case .bytes(let bytes, let start):
                Self.grow(&file.durable, to: start + bytes.count)
                file.durable.replaceSubrange(start..<(start + bytes.count), with: bytes)
            }
        }
        file.pending = []
        files[id] = file
    }
}
