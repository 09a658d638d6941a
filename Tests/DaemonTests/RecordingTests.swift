import InfraKit
import Core
import Foundation
import HTTPClient
import Processes
import Testing

@testable import rackpool

/// The real group controller's requests, replayed one by one.
@Suite(.timeLimit(.minutes(5))) struct RecordingTests {
    static let recording = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent(
            "../../../shared/infrakit/group-controller.jsonl"
        ).standardizedFileURL

    @Test(
        "the recording gets equal answers",
        .enabled(
            if: FileManager.default.fileExists(atPath: recording.path),
            "SKIPPED: the recording is kept outside the repository, in ../shared/infrakit"))
    func replay() async throws {
        try await Rig.with(40) { rig in
            let daemon = try await rig.start(["--type", "compute"])
            var ours: [String: String] = [:]
            let lines = try String(contentsOf: Self.recording, encoding: .utf8).split(
                separator: "\n")
            #expect(lines.count == 140)
            for (number, line) in lines.enumerated() {
                let exchange = try JSON(parsing: String(line))
                let request = try #require(exchange["request"])
                var expected = try #require(exchange["response"]?["body"])
                let path = try #require(request["path"]?.string)
                var actual = try await send(request, path, ours, rig)
                // The recorded plugin released at once; ours describes until the device is off.
                if request["body"]?["method"]?.string == "Instance.Destroy" {
                    let doomed = request["body"]?["params"]?["Instance"]?.string ?? ""
                    try await rig.client.waitUntilGone([ours[doomed] ?? doomed])
                }
                if let recorded = expected["result"]?["ID"]?.string {
                    ours[recorded] = try #require(actual["result"]?["ID"]?.string)
                }
                expected = Self.normalised(Self.replaced(expected, ours), path: path)
                actual = Self.normalised(actual, path: path)
                #expect(actual == expected, "line \(number + 1)")
            }
            #expect(Set(ours.values).count == ours.count)
            await daemon.end(with: SIGTERM)
        }
    }

    private func send(
        _ request: JSON, _ path: String, _ ours: [String: String], _ rig: Rig
    ) async throws -> JSON {
        let body = request["body"].map { Self.replaced($0, ours).encoded() }
        let response = try await rig.http.send(
            HTTPRequest(
                method: request["method"]?.string ?? "GET", url: "http://plugin\(path)",
                headers: body == nil ? [:] : ["Content-Type": "application/json"], body: body,
                unixSocketPath: rig.client.socketPath))
        #expect(response.status == 200)
        return try JSON(parsing: response.body)
    }

    /// With our IDs where the recording has its own.
    private static func replaced(_ json: JSON, _ ours: [String: String]) -> JSON {
        switch json {
        case .string(let text): .string(ours[text] ?? text)
        case .array(let elements): .array(elements.map { replaced($0, ours) })
        case .object(let members):
            .object(JSONObject(members.map { ($0.key, replaced($0.value, ours)) }))
        default: json
        }
    }

    /// Without what may differ: the order of descriptions; in the API's description the vendor, the
    /// random ids and the example properties, of which the recorded plugin has none.
    private static func normalised(_ json: JSON, path: String) -> JSON {
        guard case .object(var members) = json else { return json }
        if path == "/info/api.json" {
            return withoutExamples(json)
        }
        if var result = members["result"]?.object, let descriptions = result["Descriptions"]?.array
        {
            result["Descriptions"] = .array(
                descriptions.sorted { ($0["ID"]?.string ?? "") < ($1["ID"]?.string ?? "") })
            members["result"] = .object(result)
        }
        return .object(members)
    }

    private static func withoutExamples(_ json: JSON) -> JSON {
        switch json {
        case .array(let elements): .array(elements.map(withoutExamples))
        case .object(let members):
            .object(
                JSONObject(
                    members.map { key, value in
                        ["Vendor", "id", "Properties"].contains(key) && value.bool == nil
                            ? (key, .null) : (key, withoutExamples(value))
                    }))
        default: json
        }
    }
}
