import Foundation
import Processes
import Testing

/// `openssl s_server -www`: every answer is a page about the TLS session.
struct OpenSSLServer {
    static let program = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let url: String
    let certificateFile: String
    private let directory: URL
    private let process: ChildProcess

    init(name: String = "IP:127.0.0.1", options: [String] = []) async throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificateFile = directory.appendingPathComponent("certificate.pem").path
        let key = directory.appendingPathComponent("key.pem").path
        let maker = try ChildProcess(
            Self.program,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", key, "-out", certificateFile, "-days", "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(name)",
            ], limit: .seconds(60))
        await maker.waitForEnd()
        process = try ChildProcess(
            Self.program,
            [
                "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificateFile,
                "-key", key,
            ] + options, limit: .seconds(60))
        // It tells the port that it was given: "ACCEPT 127.0.0.1:38273".
        try await process.wait(for: "ACCEPT …") { $0.contains(/ACCEPT .*:\d+\n/) }
        let port = try #require(process.output.firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1)
        url = "https://127.0.0.1:\(port)/"
    }

    func stop() {
        process.send(SIGKILL)
        try? FileManager.default.removeItem(at: directory)
    }
}
