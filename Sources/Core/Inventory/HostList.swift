/// A text that stands for many: `r[1-2]u[01-20]` is `r1u01`, `r1u02` … `r2u20`.
///
/// A bracket that holds digits, commas and hyphens only is a range, as users of pdsh and Slurm
/// write them (pdsh(1), "HOSTLIST EXPRESSIONS"): `[1-3,7,9-12]`. The numbers of `[01-10]` are
/// padded with zeros to the width of the start. Several ranges multiply, the last running
/// fastest. Any other bracket is kept as it stands, so that `https://[2001:db8::7]` is one URL
/// and `https://[2001:db8::[1-4]]` is four.
public struct HostList: Sendable, Hashable {
    /// How many texts one text may stand for.
    public static let maximumCount = 100_000

    /// How many texts this one stands for, at least 1.
    public let count: Int
    private let parts: [Part]

    private enum Part: Sendable, Hashable {
        case text(String)
        case range([NumberSpan])

        var count: Int {
            switch self {
            case .text: 1
            case .range(let spans): spans.reduce(0) { $0 + $1.count }
            }
        }
    }

    /// Reads `text` without expanding it.
    /// - Throws: ``HostListError`` for a bracket that is unclosed, stray or a broken range
    ///   (`[01-]`, `[5-1]`, `[]`), and for more than ``maximumCount`` texts.
    public init(_ text: String) throws(HostListError) {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") })
        else {
            parts = [.text(text)]
            count = 1
            return
        }
        parts = try Self.parse(Array(text.unicodeScalars))
        count = parts.reduce(1) { product, part in product * part.count }
    }

    /// Whether the text has a range, if only one of a single number.
    public var hasRange: Bool {
        parts.contains { if case .range = $0 { true } else { false } }
    }

    /// All texts, in order.
    public func expanded() -> [String] {
        parts.reduce([""]) { texts, part in
            switch part {
            case .text(let text):
                texts.map { $0 + text }
            case .range(let spans):
                texts.flatMap { text in spans.flatMap { span in span.numbers.map { text + $0 } } }
            }
        }
    }

    /// All texts that `text` stands for, in order; see ``init(_:)`` for what is refused.
    public static func expand(_ text: String) throws(HostListError) -> [String] {
        try HostList(text).expanded()
    }
}

// MARK: - Parsing

extension HostList {
    private static func parse(_ scalars: [Unicode.Scalar]) throws(HostListError) -> [Part] {
        var parts: [Part] = []
        var text = String.UnicodeScalarView()
        var total = 1
        var openings: [Int] = []
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "[", let spans = try range(in: scalars, openedAt: index) {
                if !text.isEmpty { parts.append(.text(String(text))) }
                text = String.UnicodeScalarView()
                parts.append(.range(spans.spans))
                total = try multiply(total, by: spans.spans, at: index)
                index = spans.end
                continue
            }
            if scalar == "[" { openings.append(index) }
            if scalar == "]", openings.popLast() == nil {
                throw HostListError(character: index + 1, message: "\"]\" without a \"[\"")
            }
            text.append(scalar)
            index += 1
        }
        if let opening = openings.last {
            throw HostListError(character: opening + 1, message: "\"[\" is never closed")
        }
        if !text.isEmpty { parts.append(.text(String(text))) }
        return parts
    }

    /// The range that starts with the bracket at `start`, and the index after it; nil if the
    /// bracket holds something else, another bracket included.
    private static func range(
        in scalars: [Unicode.Scalar], openedAt start: Int
    ) throws(HostListError) -> (spans: [NumberSpan], end: Int)? {
        let rest = scalars[(start + 1)...]
        guard let end = rest.firstIndex(where: { $0 == "[" || $0 == "]" }) else {
            throw HostListError(character: start + 1, message: "\"[\" is never closed")
        }
        let content = rest[..<end]
        guard scalars[end] == "]", content.allSatisfy({ isRangeScalar($0) || $0 == " " }) else {
            return nil
        }
        let quoted = "\"[\(String(String.UnicodeScalarView(content)))]\""
        guard content.allSatisfy(isRangeScalar) else {
            throw HostListError(character: start + 1, message: "\(quoted) must not hold spaces")
        }
        var spans: [NumberSpan] = []
        for item in content.split(separator: ",", omittingEmptySubsequences: false) {
            switch NumberSpan.parse(item) {
            case .success(let span): spans.append(span)
            case .failure(let fault):
                throw HostListError(
                    character: item.startIndex + 1, message: "\(quoted) \(fault.problem)")
            }
        }
        return (spans, end + 1)
    }

    private static func isRangeScalar(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || scalar == "," || scalar == "-"
    }

    private static func multiply(
        _ total: Int, by spans: [NumberSpan], at index: Int
    ) throws(HostListError) -> Int {
        var count = 0
        for span in spans {
            // Each is checked, for a sum or product of unchecked ones might overflow.
            count += min(span.count, maximumCount + 1)
            guard total * count <= maximumCount else {
                throw HostListError(
                    character: index + 1,
                    message: "stands for more than \(maximumCount) texts, which is the limit")
            }
        }
        return total * count
    }
}
