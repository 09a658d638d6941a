/// One item of a range in brackets: `7`, or `01-20`.
struct NumberSpan: Sendable, Hashable {
    private let first: Int
    private let last: Int
    /// How many digits a number has at least, zeros in front included.
    private let width: Int

    /// Why an item is no span; the sentence goes on from the quoted range.
    struct Fault: Error {
        let problem: String
    }

    var count: Int { last - first + 1 }

    /// The numbers as texts, in order.
    var numbers: some Sequence<String> {
        (first...last).lazy.map { [width] number in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
    }

    /// Reads an item of digits and hyphens.
    static func parse(_ item: some Collection<Unicode.Scalar>) -> Result<NumberSpan, Fault> {
        let ends = item.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { return .failure(Fault(problem: "has a hyphen too many")) }
        var numbers: [Int] = []
        for end in ends {
            guard !end.isEmpty else { return .failure(Fault(problem: "lacks a number")) }
            guard end.count <= 9, let number = Int(String(String.UnicodeScalarView(end))) else {
                return .failure(Fault(problem: "has a number of more than 9 digits"))
            }
            numbers.append(number)
        }
        let first = numbers[0]
        let last = numbers[numbers.count - 1]
        guard first <= last else { return .failure(Fault(problem: "runs backwards")) }
        return .success(NumberSpan(first: first, last: last, width: ends[0].count))
    }
}
