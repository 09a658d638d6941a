internal import Foundation
internal import SafeFiles

/// The files with secrets and certificates that an inventory names, each read once.
struct InventoryFiles {
    /// The inventory's folder, absolute.
    private let folder: URL
    private var secrets: [String: Result<Secret, Fault>] = [:]
    /// The files with secrets that others may read.
    private(set) var readable: [String] = []
    private var authorities: [String: Result<String, Fault>] = [:]

    /// Why a file is of no use.
    struct Fault: Error {
        let message: String
        /// Whether there is no such file.
        var isMissing = false
    }

    init(besides inventory: String) {
        folder = URL(fileURLWithPath: inventory).deletingLastPathComponent()
    }

    /// The secret in a file of at most 64 KiB, without one newline at its end.
    mutating func secret(at path: String) throws(Fault) -> Secret {
        let path = absolute(path)
        if let known = secrets[path] { return try known.get() }
        var othersMayRead = false
        let result = Self.readSecret(at: path, &othersMayRead)
        if othersMayRead { readable.append(path) }
        secrets[path] = result
        return try result.get()
    }

    /// The absolute path of a file of at most 16 MiB that holds certificates in PEM form.
    mutating func authority(at path: String) throws(Fault) -> String {
        let path = absolute(path)
        let result = authorities[path] ?? Self.checkAuthority(at: path)
        authorities[path] = result
        return try result.get()
    }

    /// Whether a text is a path for sure: it leads through a folder that exists.
    func isPath(_ text: String) -> Bool {
        guard let cut = text.lastIndex(of: "/"), cut != text.startIndex else { return false }
        return FileStatus(at: absolute(String(text[..<cut])) + "/.")?.isFolder == true
    }

    private func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path, relativeTo: folder).path
    }

    private static func readSecret(
        at path: String, _ othersMayRead: inout Bool
    ) -> Result<Secret, Fault> {
        Result { () throws(Fault) in
            var bytes: [UInt8]
            (bytes, othersMayRead) = try contents(of: path, maximumSize: 64 << 10)
            if bytes.last == UInt8(ascii: "\n") {
                bytes.removeLast()
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            }
            guard !bytes.isEmpty else { throw Fault(message: "\(path) is empty") }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Fault(message: "\(path) is not UTF-8")
            }
            return Secret(text)
        }
    }

    private static func checkAuthority(at path: String) -> Result<String, Fault> {
        Result { () throws(Fault) in
            let text = String(
                decoding: try contents(of: path, maximumSize: 16 << 20).bytes, as: UTF8.self)
            // RFC 7468, section 5.1; OpenSSL also reads "TRUSTED CERTIFICATE".
            guard text.contains("-----BEGIN "), text.contains("CERTIFICATE-----") else {
                throw Fault(message: "\(path) holds no certificate in PEM form")
            }
            return path
        }
    }

    /// The bytes of a file that holds a secret or steers machines: a pipe is not waited for, and one
    /// that others may write to is refused, for whoever writes it has the BMCs.
    /// - Parameter maximumSize: in bytes; a larger one is refused rather than read to its end.
    static func contents(
        of path: String, maximumSize: Int
    ) throws(Fault) -> (bytes: [UInt8], othersMayRead: Bool) {
        do throws(SafeFileError) {
            let descriptor = try SafeFile.open(path, .reading)
            defer { close(descriptor) }
            let status = try FileStatus(of: descriptor, path)
            guard !status.othersMayWrite else {
                throw SafeFileError(path, "can be written by others: chmod go-w \(path)")
            }
            let bytes = try SafeFile.read(descriptor, path, maximumSize: maximumSize)
            return (bytes, status.othersMayRead)
        } catch {
            throw Fault(
                message: error.objection.map { "\(path) \($0)" }
                    ?? "can't read \(path): \(error.reason)", isMissing: error.code == ENOENT)
        }
    }
}
