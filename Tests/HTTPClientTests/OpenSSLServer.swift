import Foundation

/// `openssl s_server -www`: every answer is a page about the TLS session.
struct OpenSSLServer {
    static let program = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let url: String
    let certificateFile: String
    private let directory: URL
    private let process: ChildProcess

    init(name: String = "IP:127.0.0.1") throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificateFile = directory.appendingPathComponent("certificate.pem").path
        let key = directory.appendingPathComponent("key.pem").path
        let maker = try ChildProcess([
            Self.program, "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificateFile,
            "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(name)",
        ])
        _ = maker.read()
        maker.wait()
        // Bound in time, should the test die before it stops the server.
        process = try ChildProcess([
            "/usr/bin/timeout", "--foreground", "-s", "KILL", "60", Self.program, "s_server",
            "-www", "-accept", "127.0.0.1:0", "-cert", certificateFile, "-key", key,
        ])
        // It tells the port that it was given: "ACCEPT 127.0.0.1:38273".
        let heard = process.read { $0.contains(/ACCEPT .*:\d+\n/) }
        guard let port = heard.firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1 else {
            process.kill()
            throw CocoaError(.fileReadUnknown)
        }
        url = "https://127.0.0.1:\(port)/"
    }

    func stop() {
        process.kill()
        try? FileManager.default.removeItem(at: directory)
    }
}
