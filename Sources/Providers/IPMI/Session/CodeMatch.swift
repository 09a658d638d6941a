internal import IPMIWire

/// How an authentication code that came compares to the one that was expected.
enum CodeMatch: Hashable, Sendable {
    /// In all bytes that count. There are BMCs that send more: the whole code where a part of it was
    /// due (freeipmi's workaround `sun20`).
    case same
    case different
    /// Too few bytes came to tell.
    case short
    /// Nothing but zeros: the BMC does not know how to make one.
    case blank

    init(_ code: [UInt8], _ expected: [UInt8]) {
        let part = Array(code.prefix(expected.count))
        if part.count < expected.count {
            self = .short
        } else if isSame(part, expected) {
            self = .same
        } else {
            self = part.allSatisfy { $0 == 0 } ? .blank : .different
        }
    }
}
