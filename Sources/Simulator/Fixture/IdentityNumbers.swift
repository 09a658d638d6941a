/// Numbers the recorded values that have to differ between BMCs, so that one recorded value is
/// replaced alike wherever it is repeated.
struct IdentityNumbers {
    private struct Key: Hashable {
        let value: String
        /// The system whose own resource holds the value; nil elsewhere.
        let system: Int?
    }

    private var numbers: [Key: Int] = [:]
    private var next = 0

    /// The number of `value`. Systems of one recording may carry the same value, and still get a
    /// number each; what repeats it elsewhere follows the first of them.
    mutating func number(of value: String, in system: Int?) -> Int {
        let folded = value.lowercased()
        if let known = numbers[Key(value: folded, system: system)] { return known }
        let number = next
        next += 1
        numbers[Key(value: folded, system: system)] = number
        if system != nil, numbers[Key(value: folded, system: nil)] == nil {
            numbers[Key(value: folded, system: nil)] = number
        }
        return number
    }
}
