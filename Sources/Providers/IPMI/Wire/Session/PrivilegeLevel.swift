/// What a session may do (IPMI v2.0 6.8).
package enum PrivilegeLevel: UInt8, Hashable, Sendable, CaseIterable, Comparable {
    case callback = 1
    case user = 2
    case `operator` = 3
    case administrator = 4

    package static func < (left: PrivilegeLevel, right: PrivilegeLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}
