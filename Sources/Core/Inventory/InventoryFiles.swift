internal import Foundation

/// The files with secrets and certificates that an inventory names, each read once.
struct InventoryFiles {
    /// The inventory's folder, absolute.
    private let folder: URL
    private var secrets: [String: Result<Secret, Fault>] = [:]
    private var authorities: [String: Result<String, Fault>] = [:]

    /// Why a file is of no use.
    struct Fault: Error {
        let message: String
    }

    init(besides inventory: String) {
        folder = URL(fileURLWithPath: inventory).deletingLastPathComponent()
    }

    /// The secret in a file of at most 64 KiB, without one newline at its end.
    mutating func secret(at path: String) throws(Fault) -> Secret {
        let path = absolute(path)
        let result = secrets[path] ?? Self.readSecret(at: path)
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

    private func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path, relativeTo: folder).path
    }

    private static func readSecret(at path: String) -> Result<Secret, Fault> {
        Result { () throws(Fault) in
            var bytes = try contents(of: path, maximumSize: 64 << 10)
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
                decoding: try contents(of: path, maximumSize: 16 << 20), as: UTF8.self)
            // RFC 7468, section 5.1; OpenSSL also reads "TRUSTED CERTIFICATE".
            guard text.contains("-----BEGIN "), text.contains("CERTIFICATE-----") else {
                throw Fault(message: "\(path) holds no certificate in PEM form")
            }
            return path
        }
    }

    /// The bytes of a file; a larger one is refused rather than read to its end.
    static func contents(of path: String, maximumSize: Int) throws(Fault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Fault(reading: path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Fault(reading: path, errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= maximumSize else {
                throw Fault(message: "\(path) is larger than \(maximumSize >> 10) KiB")
            }
        }
    }
}

extension InventoryFiles.Fault {
    fileprivate init(reading path: String, _ code: Int32) {
        self.init(message: "can't read \(path): \(String(cString: strerror(code)))")
    }
}
