internal import Core

/// Knows all that is to be replaced in a recording.
struct Anonymiser {
    private let standIns: StandIns
    private let replacer: TextReplacer

    init(_ recording: Recording) {
        var standIns = StandIns(
            vocabulary: recording.resources.reduce(into: []) { words, resource in
                if let json = resource.json {
                    IdentityCollector.addVocabulary(of: json, to: &words)
                }
            })
        var collector = IdentityCollector()
        // What properties name comes first: an address in a text may be part of it.
        for resource in recording.resources {
            if let json = resource.json { collector.collectNamed(json, into: &standIns) }
        }
        if let source = recording.source { collector.collect(source, into: &standIns) }
        for resource in recording.resources {
            collector.collect(resource.path, into: &standIns)
            for (_, value) in resource.headers.sorted(by: { $0.key < $1.key }) {
                collector.collect(value, into: &standIns)
            }
            switch resource.content {
            case .json(let json): collector.collectShaped(json, into: &standIns)
            case .text(let bytes):
                collector.collect(String(decoding: bytes, as: UTF8.self), into: &standIns)
            case .nothing: break
            }
            if let problem = resource.problem { collector.collect(problem, into: &standIns) }
        }
        self.standIns = standIns
        replacer = TextReplacer(standIns.everywhere)
    }

    func anonymised(_ text: String) -> String {
        replacer.replaced(IdentityCollector.withoutCertificates(text))
    }

    func anonymised(_ resource: RecordedResource) -> RecordedResource {
        var copy = resource
        copy.path = anonymised(resource.path)
        copy.headers = resource.headers.mapValues(anonymised)
        copy.problem = resource.problem.map(anonymised)
        switch resource.content {
        case .json(let json):
            let isMachine = IdentityCollector.isMachine(json)
            copy.content = .json(
                anonymised(json, under: "", isMachine: isMachine, isNaming: false))
        case .text(let bytes):
            copy.content = .text(
                Array(anonymised(String(decoding: bytes, as: UTF8.self)).utf8))
        case .nothing: break
        }
        return copy
    }

    private func anonymised(
        _ value: JSON, under key: String, isMachine: Bool, isNaming: Bool
    ) -> JSON {
        switch value {
        case .string(let text):
            if key == "@odata.type" { return value }
            let kind = IdentityKind(property: key, isMachine: isMachine) ?? (isNaming ? .name : nil)
            if let kind, let standIn = standIns.standIn(for: text, kind) {
                return .string(standIn)
            }
            return .string(anonymised(text))
        case .integer(let number):
            guard let kind = IdentityKind(property: key, isMachine: isMachine),
                let standIn = standIns.standIn(for: String(number), kind)
            else { return value }
            return .string(standIn)
        case .array(let elements):
            return .array(
                elements.map {
                    anonymised($0, under: key, isMachine: isMachine, isNaming: isNaming)
                })
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { member in
                        let isNaming =
                            isNaming
                            || IdentityKind.namingObjects.contains(member.key.lowercased())
                        return (
                            anonymised(member.key),
                            anonymised(
                                member.value, under: member.key, isMachine: isMachine,
                                isNaming: isNaming)
                        )
                    }))
        default: return value
        }
    }
}
