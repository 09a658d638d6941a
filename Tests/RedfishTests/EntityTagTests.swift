import Testing

@testable import Redfish

@Suite("An entity tag")
struct EntityTagTests {
    private static let read: [(header: String?, property: String?, forms: [String])] = [
        (#""1""#, nil, [#""1""#]),
        (#"W/"1""#, nil, [#"W/"1""#, #""1""#]),
        (nil, #"W/"1""#, [#"W/"1""#, #""1""#]),
        ("1", nil, [#""1""#, "1"]),
        (#""\"1\"""#, nil, [#""1""#, #""\"1\"""#]),
        (#"""1"""#, #""1""#, [#""1""#, #"""1"""#]),
        (#""W/"1"""#, nil, [#"W/"1""#, #""1""#, #""W/"1"""#]),
        (#""1-gzip""#, nil, [#""1""#, #""1-gzip""#]),
        (#"W/"1--gzip""#, #"W/"1""#, [#"W/"1""#, #""1""#, #"W/"1--gzip""#]),
        (#""2""#, #""1""#, [#""2""#, #""1""#]),
    ]

    @Test("is sent as the standard wants it first, however it was issued", arguments: read)
    func forms(header: String?, property: String?, forms: [String]) {
        #expect(EntityTag(header: header, property: property)?.forms == forms)
    }

    @Test("of nothing is none", arguments: [nil, "", "\"\"", "W/\"\"", " "])
    func empty(text: String?) {
        #expect(EntityTag(header: text, property: text) == nil)
    }
}

@Suite("The precondition of a change")
struct ChangePreconditionTests {
    /// Plays a BMC that takes a change only with one of `taken`, and whose resource has `tags` in
    /// turn; returns what was sent.
    private func sent(
        _ tag: String?, taken: Set<String?>, tags: [String?] = [],
        verdict: ChangePrecondition.Verdict = .refused
    ) -> [String?] {
        var precondition = ChangePrecondition(tag: EntityTag(header: tag, property: nil))
        var step = precondition.begin()
        var sent: [String?] = []
        var tags = tags[...]
        for _ in 0..<20 {
            switch step {
            case .send(let tag):
                sent.append(tag)
                step = taken.contains(tag) ? .end : precondition.receive(verdict)
            case .read:
                let present = tags.count > 1 ? tags.removeFirst() : tags.first ?? tag
                step = precondition.read(EntityTag(header: present, property: nil))
            case .end:
                return sent
            }
        }
        Issue.record("no end")
        return sent
    }

    @Test("is the tag that was read")
    func plain() { #expect(sent("\"1\"", taken: ["\"1\""]) == ["\"1\""]) }

    @Test("is the new tag if the resource changed meanwhile")
    func changed() {
        #expect(sent("\"1\"", taken: ["\"2\""], tags: ["\"2\""]) == ["\"1\"", "\"2\""])
    }

    @Test("is another spelling if the BMC does not know its own")
    func spelling() {
        #expect(sent("W/\"1\"", taken: ["\"1\""]) == ["W/\"1\"", "\"1\""])
    }

    @Test("is none if the BMC takes no tag, whatever it answers to one")
    func none() {
        #expect(sent("\"1\"", taken: [nil]) == ["\"1\"", nil])
        #expect(sent("\"1\"", taken: [nil], verdict: .doubtful) == ["\"1\"", nil])
    }

    @Test("is what the BMC asks for, or anything where it has no tag")
    func asked() {
        #expect(sent(nil, taken: ["\"1\""], tags: ["\"1\""]) == [nil, "\"1\""])
        #expect(sent(nil, taken: ["*"], tags: [nil]) == [nil, "*"])
    }

    @Test("comes to an end")
    func bounded() {
        #expect(sent("W/\"1\"", taken: []).count == 3)
        #expect(sent(nil, taken: [], tags: [nil]) == [nil, "*"])
        let moving = (1...50).map { "\"\($0)\"" as String? }
        #expect(sent("\"0\"", taken: [], tags: moving).count <= 7)
        #expect(sent("\"1\"", taken: [], verdict: .none) == ["\"1\""])
    }
}
