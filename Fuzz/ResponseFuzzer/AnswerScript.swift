internal import HTTPClient
internal import Synchronization

/// The answers of a BMC, one after the other, the last one again and again.
///
/// The text is that of HTTP with plain line breaks: status, header fields, an empty line, the body.
/// A line of one `%` ends an answer. What does not begin with a digit is a body alone.
final class AnswerScript: Sendable {
    private let answers: [HTTPResponse]
    private let count = Atomic<Int>(0)

    /// After so many the BMC is gone, so that no input takes long.
    private static let maximumCount = 16

    init(_ bytes: some Collection<UInt8>) {
        var answers: [HTTPResponse] = []
        var lines: [ArraySlice<UInt8>] = []
        for line in Array(bytes).split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.elementsEqual([UInt8(ascii: "%")]) {
                answers.append(Self.answer(lines))
                lines = []
            } else {
                lines.append(line)
            }
        }
        self.answers = answers + [Self.answer(lines)]
    }

    func next() throws(HTTPError) -> HTTPResponse {
        let number = count.add(1, ordering: .relaxed).oldValue
        guard number < Self.maximumCount else { throw HTTPError(.connect, "gone") }
        return answers[min(number, answers.count - 1)]
    }

    private static func answer(_ lines: [ArraySlice<UInt8>]) -> HTTPResponse {
        let digits = lines.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let status = Int(digits), (200..<600).contains(status) else {
            return HTTPResponse(status: 200, body: Array(lines.joined(separator: [0x0A])))
        }
        var headers = HTTPHeaders()
        let fields = lines.dropFirst().prefix { !$0.isEmpty }
        for field in fields {
            let parts = field.split(
                separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false
            )
            .map { String(decoding: $0, as: UTF8.self) }
            headers.add(parts[0], parts.count > 1 ? parts[1] : "")
        }
        let body = lines.dropFirst(fields.count + 2).joined(separator: [0x0A])
        return HTTPResponse(status: status, headers: headers, body: Array(body))
    }
}
