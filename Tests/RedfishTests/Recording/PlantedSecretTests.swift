import Core
import Foundation
import Randomness
import TestServer
import Testing

@testable import Redfish

@Suite("Planted secrets", .timeLimit(.minutes(10)))
struct PlantedSecretTests {
    /// How a BMC may write a secret that it was told.
    static let encodings: [(name: String, encode: @Sendable (String) -> String)] = [
        ("plain", { $0 }), ("lower case", { $0.lowercased() }), ("swapped case", swapped),
        ("percent, what must be", percent), ("percent, all", { percentAll($0) }),
        ("percent, lower case", { percentAll($0).lowercased() }),
        ("percent twice", { percentAll($0).replacing("%", with: "%25") }),
        ("base64", { base64($0) }), ("base64, one before", { base64("u" + $0) }),
        ("base64, two before", { base64("u:" + $0) }),
        ("base64 with more behind", { base64("Basic " + $0 + " and more") }),
        ("base64 of base64", { base64(base64("admin:" + $0)) }),
        ("base64, URL-safe", { url(base64("?~" + $0)) }),
        ("base64, percent-encoded", { percentAll(base64($0)) }),
        ("base64 in lines", { lines(base64("admin:" + $0)) }),
        ("base64 of UTF-16", { Data($0.utf16.flatMap(little)).base64EncodedString() }),
        ("hexadecimal", { hex($0, "") }), ("hexadecimal, upper", { hex($0, "").uppercased() }),
        ("hexadecimal with colons", { hex($0, ":") }), ("hexadecimal bytes", { hex($0, " ") }),
        ("JSON escapes", { $0.utf16.map { String(format: "\\u%04x", $0) }.joined() }),
        ("JSON in JSON", { JSON.string(JSON.string($0).description).description }),
        ("HTML, decimal", { $0.unicodeScalars.map { "&#\($0.value);" }.joined() }),
        (
            "HTML, hexadecimal",
            { $0.unicodeScalars.map { String(format: "&#x%X;", $0.value) }.joined() }
        ),
        ("HTML of each byte", { $0.utf8.map { "&#\($0);" }.joined() }), ("HTML names", html),
        ("backslash x", { $0.utf8.map { String(format: "\\x%02x", $0) }.joined() }),
        ("UTF-16 read as bytes", { $0.unicodeScalars.map { "\($0)\u{0}" }.joined() }),
        ("every other one escaped", everyOther),
    ]

    /// Where it may stand. `nothing` is left of it in what is written.
    static let places: [(name: String, plant: @Sendable (String) -> JSON)] = [
        ("a text", { ["Description": .string("you said \($0), did you not")] }),
        ("a whole value", { ["Model": .string($0)] }),
        ("a key", { ["Oem": .object([$0: 1])] }),
        ("deep", { ["Oem": ["A": [["B": [.string($0)]]]]] }),
        ("a link", { ["Links": ["Old": ["@odata.id": .string("/redfish/v1/Old/" + $0)]]] }),
        ("another's link", { ["Oem": ["href": .string("https://h/?session=" + $0)]] }),
        (
            "JSON in a text",
            { ["Oem": ["Dump": .string(JSON.object(["x": .string($0)]).description)]] }
        ),
        (
            "JSON in JSON in a text",
            {
                let inner = JSON.object(["x": .string($0)]).description
                return ["Dump": .string(JSON.object(["y": .string(inner)]).description)]
            }
        ),
        ("XML in a text", { ["Dump": .string("<a><b c=\"1\">\($0)</b></a>")] }),
        ("a type", { ["@odata.type": .string("#\($0).v1")] }),
    ]

    private static let seed = EnvironmentNumber.read("RACKPOOL_SEED") ?? 4711

    @Test("in whatever encoding and place are not in the folder")
    func anywhere() async throws {
        var random = SeededNumbers(seed: UInt64(Self.seed))
        for round in 0..<12 {
            let secret = Self.secret(&random)
            var resources: [String: JSON] = [:]
            for encoding in Self.encodings {
                let place = Self.places[Int(random.next() % UInt64(Self.places.count))]
                resources["R\(resources.count)"] = place.plant(encoding.encode(secret))
            }
            try await expectNone(of: secret, in: resources, "round \(round)")
        }
    }

    @Test("in every encoding at every place are not in the folder")
    func everywhere() async throws {
        let secret = #"s3cr&t/"+p%w~ü"#
        var resources: [String: JSON] = [:]
        for encoding in Self.encodings {
            for place in Self.places {
                resources["R\(resources.count)"] = place.plant(encoding.encode(secret))
            }
        }
        try await expectNone(of: secret, in: resources, "all")
    }

    @Test("that are a number are found as one")
    func number() async throws {
        let service = try FakeService(
            Crawls.service(["Chassis": ["A": 81549300, "B": .string("81549300"), "C": 81549301]]))
        defer { service.server.stop() }
        let recording = try await Crawls.record(service, password: "81549300")
        let chassis = recording.read.last?.json
        #expect(chassis?["A"] == "REDACTED")
        #expect(chassis?["B"] == "REDACTED")
        #expect(chassis?["C"] == 81549301)
    }

    @Test(
        "of the session are taken out like the password, also from what was read before it was opened"
    )
    func token() async throws {
        let token = "t0ken/of+the=session-4711"
        let basic = Data("admin:hunter2".utf8).base64EncodedString()
        let service = try FakeService(
            Crawls.service([
                "Chassis": ["Description": .string("token \(token) basic \(basic)")],
                "SessionService": ["Sessions": Crawls.link("/redfish/v1/SessionService/Sessions")],
            ]).merging(["/redfish/v1/Extra": ["Note": .string(Self.base64(token))]]) { $1 }
        ) { request, _ in
            guard request.method == "POST" else { return nil }
            return .answer(
                201, "{}",
                headers: [
                    "X-Auth-Token": token, "Location": "/redfish/v1/SessionService/Sessions/1",
                ])
        }
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        let out = Crawls.freshFolder()
        try RecordingFolder.write(recording, to: out)
        let text = try Crawls.allText(in: out)
        #expect(!text.contains(token) && !text.contains(basic))
        #expect(text.contains("token REDACTED basic REDACTED"))
    }

    private func expectNone(
        of secret: String, in resources: [String: JSON], _ comment: Comment
    ) async throws {
        let service = try FakeService(Crawls.service(resources))
        defer { service.server.stop() }
        let kept = Kept()
        let recording = try await Crawls.record(service, password: secret) { kept.add($0) }
        #expect(recording.read.count == resources.count + 1, comment)
        let out = Crawls.freshFolder()
        try RecordingFolder.write(recording, to: out)
        for (what, text) in [
            ("folder", try Crawls.allText(in: out)),
            ("journal", kept.resources.map { "\($0)" }.joined(separator: "\n")),
        ] {
            let folded = text.replacing("\\\\", with: "\\").lowercased()
            for encoding in Self.encodings {
                let written = encoding.encode(secret)
                let escaped = JSON.string(written).description.dropFirst().dropLast().lowercased()
                let isThere = folded.contains(written.lowercased()) || folded.contains(escaped)
                #expect(!isThere, "\(comment): \(encoding.name) in the \(what) of \(secret)")
            }
        }
    }

    private static func secret(_ random: inout SeededNumbers) -> String {
        let alphabet = Array(
            "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$%&*+-/:;<=>?@^_~ \"\\äß€")
        let length = 8 + Int(random.next() % 24)
        return "q7"
            + String(
                (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
            + "Z"
    }
}

// MARK: - Encodings

extension PlantedSecretTests {
    private static func swapped(_ text: String) -> String {
        String(
            decoding: text.utf8.map { byte in
                switch byte {
                case 0x41...0x5A: byte + 0x20
                case 0x61...0x7A: byte - 0x20
                default: byte
                }
            }, as: UTF8.self)
    }

    private static func percent(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }

    private static func percentAll(_ text: String) -> String {
        text.utf8.map { String(format: "%%%02X", $0) }.joined()
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    private static func url(_ base64: String) -> String {
        base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func lines(_ text: String) -> String {
        stride(from: 0, to: text.count, by: 8).map { String(text.dropFirst($0).prefix(8)) }
            .joined(separator: "\r\n")
    }

    private static func little(_ unit: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
    }

    private static func hex(_ text: String, _ separator: String) -> String {
        text.utf8.map { String(format: "%02x", $0) }.joined(separator: separator)
    }

    private static func html(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static func everyOther(_ text: String) -> String {
        text.utf8.enumerated().map { index, byte in
            index % 2 == 0 || byte >= 0x80 || byte == 0x25
                ? String(format: "%%%02x", byte) : String(Unicode.Scalar(byte))
        }.joined()
    }
}
