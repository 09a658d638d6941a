/// Guesses what a person meant by a misspelt word.
public enum Spelling {
    /// The candidate that differs least from `word`, letter case aside, or nil if none is near.
    ///
    /// Near is at most one typing slip (a letter missing, added, wrong, or swapped with its
    /// neighbour) for every three letters of the longer word, and one for shorter words. Of
    /// candidates that are equally near, the first wins.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String?
    {
        let wanted = Array(word.lowercased())
        var best: (candidate: String, slips: Int)?
        for candidate in candidates {
            let letters = Array(candidate.lowercased())
            let allowed = max(1, max(wanted.count, letters.count) / 3)
            guard abs(wanted.count - letters.count) <= allowed else { continue }
            let slips = distance(wanted, letters)
            if slips <= allowed, slips < best?.slips ?? .max {
                best = (candidate, slips)
            }
        }
        return best?.candidate
    }

    // The optimal string alignment distance, row by row; a swap looks two rows back.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var slips = min(
                    last[column + 1] + 1, current[column] + 1,
                    last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    slips = min(slips, beforeLast[column - 1] + 1)
                }
                current.append(slips)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
