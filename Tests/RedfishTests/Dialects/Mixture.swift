import Randomness
import Simulator

/// A BMC's habits, drawn: each number of a seed has its own.
struct Mixture: CustomStringConvertible {
    /// One of each is drawn, or none.
    private static let choices: [[Dialect]] = [
        [.strictETag, .noETag, .refusesIfMatch, .gzipETag, .doubleQuotedETag, .staleETag],
        [.strictReset, .stateReset, .notModifiedReset, .listedResetRefused, .conflictAfterOff],
        [.stalePower, .nullPower], [.tasks, .taskBody, .vanishingTask],
        [.bootModeDropped, .bootModeRefused, .bootModeJob, .bootRefusedDone, .bootAlias],
        [.busy, .rateLimit, .notReady, .inStandby, .waitsInArguments],
        [.stumbles, .losesSystems], [.sloppyJSON, .stringNumbers, .missingStatus],
        [.basicOnly, .uselessTokens, .flakyLogin, .noSessions, .noToken, .tokenInBody, .forgetful],
        [.closesSecond], [.innerRedirect, .slashRedirect, .linksV0, .bareRoot, .dpuBeside],
    ]

    let dialects: Set<Dialect>
    private let name: String

    init(seed: UInt64, _ number: UInt64) {
        var random = SeededNumbers(seed: seed &* 1_000_003 &+ number)
        var dialects: Set<Dialect> = []
        for choice in Self.choices where random.happens(35) {
            if let dialect = choice.randomElement(using: &random) { dialects.insert(dialect) }
        }
        self.dialects = dialects
        let names = dialects.map(\.rawValue).sorted().joined(separator: ", ")
        name = "\(seed)/\(number): \(names)"
    }

    /// The seed and number to find it again by, and what was drawn.
    var description: String { name }
}
