internal import Core
internal import Glibc
internal import SafeFiles

/// Writes what is in a recording's folder, which nobody else can have a hand in.
struct FolderWriter {
    /// Whether others may read it, as far as the process's mask lets them.
    let isForAll: Bool

    private var fileMode: mode_t { isForAll ? 0o666 : 0o600 }
    private var folderMode: mode_t { isForAll ? 0o777 : 0o700 }

    /// Gives a folder that was made for its owner alone the permissions that it is to have.
    func open(_ folder: String) throws {
        guard isForAll else { return }
        let mask = umask(0o077)
        umask(mask)
        guard chmod(folder, folderMode & ~mask) == 0 else {
            throw RecordingError("\(folder): chmod failed: \(String(cString: strerror(errno)))")
        }
    }

    /// Writes a resource into `name` below `folder`; the first of two that have one path.
    func write(_ resource: RecordedResource, to folder: String, _ name: String) throws {
        let place = name.isEmpty ? folder : folder + "/" + name
        var path = folder
        for part in name.split(separator: "/") {
            path += "/" + part
            guard mkdir(path, folderMode) == 0 || errno == EEXIST else {
                throw RecordingError("\(path): mkdir failed: \(String(cString: strerror(errno)))")
            }
        }
        switch resource.content {
        case .json(let json): try write(json, to: place + "/index.json")
        case .text(let bytes):
            let isXML = bytes.prefix(64).contains(UInt8(ascii: "<"))
            try create(bytes, at: place + (isXML ? "/index.xml" : "/index.txt"))
        case .nothing: break
        }
        if !resource.headers.isEmpty {
            try write(["GET": JSON(resource.headers)], to: place + "/headers.json")
        }
    }

    func write(_ json: JSON, to file: String) throws {
        try create(json.encoded(.indented) + [UInt8(ascii: "\n")], at: file)
    }

    // Two paths that differed in a secret alone are one by now.
    private func create(_ bytes: [UInt8], at file: String) throws {
        guard FileStatus(at: file) == nil else { return }
        try SafeFile.create(bytes, at: file, mode: fileMode)
    }
}
