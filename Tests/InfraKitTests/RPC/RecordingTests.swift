import Core
import Foundation
import Logging
import Testing

@testable import InfraKit

/// The real group controller's exchanges with a plugin (shared/infrakit/README.md), as one JSON
/// object a line; nil where the recording isn't at hand.
private let recording: [JSON]? = {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/infrakit/group-controller.jsonl")
    guard let text = try? String(contentsOf: path.standardizedFileURL, encoding: .utf8) else {
        return nil
    }
    return text.split(separator: "\n").map { line in
        (try? JSON(parsing: String(line))) ?? .null
    }
}()

@Suite("The recorded group controller")
struct RecordingTests {
    @Test(
        "gets the answers that it got from the reference",
        .enabled(
            if: recording != nil,
            "SKIPPED: shared/infrakit/group-controller.jsonl is not beside the repository"))
    func replay() async throws {
        let plugin = FakePlugin()
        let dispatcher = PluginDispatcher(
            plugin: plugin, objectName: "compute", advertisesMetadata: false,
            additionalMethods: [:],
            logger: .silent)
        var instances = Renaming()
        var compared = 0
        for exchange in try #require(recording) {
            let recorded = try #require(exchange["response"]?["body"])
            guard let request = exchange["request"]?["body"] else {
                #expect(exchange["request"]?["path"] == "/info/api.json")
                let info = try JSON(parsing: dispatcher.info())
                #expect(info.withoutRequestIDs == recorded.withoutRequestIDs)
                compared += 1
                continue
            }
            let body = instances.inOurWords(request).encoded()
            let answer = try JSON(parsing: try #require(await dispatcher.answer(body)))
            if let id = recorded["result"]?["ID"]?.string {
                instances.learn(recorded: id, ours: try #require(answer["result"]?["ID"]?.string))
            }
            #expect(
                answer.withSortedDescriptions
                    == instances.inOurWords(recorded).withSortedDescriptions)
            compared += 1
        }
        #expect(compared == 140)
    }
}

/// The recorded instance IDs and what they are called here.
private struct Renaming {
    private var names: [String: String] = [:]

    mutating func learn(recorded: String, ours: String) {
        names[recorded] = ours
    }

    func inOurWords(_ json: JSON) -> JSON {
        switch json {
        case .string(let string): .string(names[string] ?? string)
        case .array(let elements): .array(elements.map(inOurWords))
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, inOurWords($0.value)) }))
        default: json
        }
    }
}

extension JSON {
    /// The reference gives them in no order.
    fileprivate var withSortedDescriptions: JSON {
        guard var object, var result = object["result"]?.object,
            let descriptions = result["Descriptions"]?.array
        else { return self }
        result["Descriptions"] = .array(
            descriptions.sorted { ($0["ID"]?.string ?? "") < ($1["ID"]?.string ?? "") })
        object["result"] = .object(result)
        return .object(object)
    }

    /// In `/info/api.json` they are the time of day.
    fileprivate var withoutRequestIDs: JSON {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutRequestIDs))
        case .object(let object):
            .object(
                JSONObject(
                    object.map { ($0.key, $0.key == "id" ? .null : $0.value.withoutRequestIDs) }))
        default: self
        }
    }
}
