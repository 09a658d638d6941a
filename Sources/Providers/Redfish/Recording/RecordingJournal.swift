internal import Core
internal import Foundation
internal import SafeFiles

/// What an interrupted recording has so far: a file beside its folder, to which every answer is
/// appended as it comes. It holds no secrets, but may hold all else, so only its owner may read it.
public final class RecordingJournal: Sendable {
    /// The file.
    public let path: String
    /// What an earlier run left.
    public let earlier: [RecordedResource]

    private let descriptor: CInt

    /// What is kept of the largest service, and as much again for what it is written in.
    private static let largest = 1 << 30

    /// Opens or begins the journal for a folder.
    ///
    /// - Parameters:
    ///   - folder: where the recording will be.
    ///   - source: the service's address, which an earlier run has to have had too.
    /// - Throws: ``RecordingError`` if another service was being recorded, or the file can't be
    ///   used.
    public init(for folder: String, source: String) throws(RecordingError) {
        path = Self.plain(folder) + ".partial"
        let parent = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: parent.isEmpty ? "." : parent, withIntermediateDirectories: true)
        do throws(SafeFileError) {
            descriptor = try SafeFile.open(path, .extending)
            // What others could write to is not what we left there.
            guard try !FileStatus(of: descriptor, path).othersMayWrite else {
                close(descriptor)
                throw SafeFileError(path, "can be written by others: remove it")
            }
        } catch {
            throw RecordingError(error.description)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw RecordingError("\(path): another recording is writing it")
        }
        let text: [UInt8]
        do throws(SafeFileError) {
            text = try SafeFile.read(descriptor, path, maximumSize: Self.largest)
        } catch {
            close(descriptor)
            throw RecordingError(error.description)
        }
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let header = lines.first.flatMap({ try? JSON(parsing: $0) }) else {
            earlier = []
            try Self.cut(descriptor, at: 0, path)
            try Self.append(["Source": .string(source)], to: descriptor, path)
            return
        }
        guard header["Source"]?.string == source else {
            close(descriptor)
            throw RecordingError(
                "\(path) is of \(header["Source"]?.string ?? "something else"), not of \(source): "
                    + "remove it, or choose another --out")
        }
        // The last line may be torn: what it held is read again.
        var resources: [RecordedResource] = []
        var end = (lines.first?.count ?? 0) + 1
        for line in lines.dropFirst().dropLast() {
            guard
                let resource = (try? JSON(parsing: line, maximumDepth: 80))
                    .flatMap(RecordedResource.init(journal:))
            else { break }
            resources.append(resource)
            end += line.count + 1
        }
        earlier = resources
        try Self.cut(descriptor, at: end, path)
    }

    private static func cut(
        _ descriptor: CInt, at end: Int, _ path: String
    ) throws(RecordingError) {
        guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) >= 0
        else {
            throw RecordingError("\(path): truncate failed: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Appends an answer.
    public func append(_ resource: RecordedResource) throws(RecordingError) {
        try Self.append(resource.journalLine, to: descriptor, path)
    }

    /// The recording is in its place.
    public func remove() {
        unlink(path)
    }

    static func plain(_ folder: String) -> String {
        var plain = folder
        while plain.count > 1, plain.hasSuffix("/") { plain.removeLast() }
        return plain
    }

    private static func append(
        _ line: JSON, to descriptor: Int32, _ path: String
    ) throws(RecordingError) {
        var bytes = line.encoded()
        bytes.append(UInt8(ascii: "\n"))
        do throws(SafeFileError) {
            try SafeFile.write(bytes, to: descriptor, path)
        } catch {
            throw RecordingError(error.description)
        }
    }
}

extension RecordedResource {
    fileprivate var journalLine: JSON {
        var line: JSONObject = ["Path": .string(path)]
        line["Status"] = status.map { JSON($0) }
        if !headers.isEmpty { line["Headers"] = JSON(headers) }
        line["Problem"] = problem.map { JSON.string($0) }
        switch content {
        case .json(let json): line["JSON"] = json
        case .text(let bytes): line["Text"] = .string(Data(bytes).base64EncodedString())
        case .nothing: break
        }
        return .object(line)
    }

    fileprivate init?(journal line: JSON) {
        guard let path = line["Path"]?.string else { return nil }
        var headers: [String: String] = [:]
        for (name, value) in line["Headers"]?.object ?? [:] { headers[name] = value.string }
        self.init(
            path: path, status: line["Status"]?.integer.map { Int(clamping: $0) },
            headers: headers, problem: line["Problem"]?.string)
        if let json = line["JSON"] {
            content = .json(json)
        } else if let text = line["Text"]?.string.flatMap({ Data(base64Encoded: $0) }) {
            content = .text(Array(text))
        }
    }
}
