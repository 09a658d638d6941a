/// How a command ended (IPMI v2.0 5.2, table 5-2).
package struct CompletionCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let ok = CompletionCode(rawValue: 0x00)
    package static let nodeBusy = CompletionCode(rawValue: 0xC0)
    package static let invalidCommand = CompletionCode(rawValue: 0xC1)
    package static let invalidForLUN = CompletionCode(rawValue: 0xC2)
    package static let timeout = CompletionCode(rawValue: 0xC3)
    package static let outOfSpace = CompletionCode(rawValue: 0xC4)
    package static let reservationCancelled = CompletionCode(rawValue: 0xC5)
    package static let truncated = CompletionCode(rawValue: 0xC6)
    package static let invalidLength = CompletionCode(rawValue: 0xC7)
    package static let lengthExceeded = CompletionCode(rawValue: 0xC8)
    package static let outOfRange = CompletionCode(rawValue: 0xC9)
    package static let cannotReturnThatMany = CompletionCode(rawValue: 0xCA)
    package static let notPresent = CompletionCode(rawValue: 0xCB)
    package static let invalidField = CompletionCode(rawValue: 0xCC)
    package static let illegal = CompletionCode(rawValue: 0xCD)
    package static let noResponse = CompletionCode(rawValue: 0xCE)
    package static let duplicate = CompletionCode(rawValue: 0xCF)
    package static let repositoryUpdating = CompletionCode(rawValue: 0xD0)
    package static let firmwareUpdating = CompletionCode(rawValue: 0xD1)
    package static let initialising = CompletionCode(rawValue: 0xD2)
    package static let destinationUnavailable = CompletionCode(rawValue: 0xD3)
    package static let insufficientPrivilege = CompletionCode(rawValue: 0xD4)
    package static let notInThisState = CompletionCode(rawValue: 0xD5)
    package static let disabled = CompletionCode(rawValue: 0xD6)
    package static let unspecified = CompletionCode(rawValue: 0xFF)

    /// Whether the same command may succeed in a while.
    package var isTransient: Bool {
        [.nodeBusy, .timeout, .outOfSpace, .repositoryUpdating, .firmwareUpdating, .initialising]
            .contains(self)
    }

    package var description: String {
        let hex = String(rawValue, radix: 16, uppercase: true)
        let number = "0x" + (hex.count < 2 ? "0" + hex : hex)
        return Self.meanings[self].map { "\($0) (\(number))" } ?? number
    }

    private static let meanings: [CompletionCode: String] = [
        .ok: "completed",
        .nodeBusy: "node busy",
        .invalidCommand: "command not known",
        .invalidForLUN: "command not known for this LUN",
        .timeout: "timeout while processing the command",
        .outOfSpace: "out of space",
        .reservationCancelled: "reservation cancelled",
        .truncated: "request data truncated",
        .invalidLength: "request data length invalid",
        .lengthExceeded: "request data length limit exceeded",
        .outOfRange: "parameter out of range",
        .cannotReturnThatMany: "cannot return that many bytes",
        .notPresent: "requested sensor, data or record not present",
        .invalidField: "invalid data field",
        .illegal: "command illegal for this sensor or record",
        .noResponse: "command response could not be provided",
        .duplicate: "duplicated request",
        .repositoryUpdating: "the SDR repository is being updated",
        .firmwareUpdating: "the BMC's firmware is being updated",
        .initialising: "the BMC is starting",
        .destinationUnavailable: "destination unavailable",
        .insufficientPrivilege: "insufficient privilege",
        .notInThisState: "not supported in the present state",
        .disabled: "disabled or not available",
        .unspecified: "unspecified error",
    ]
}
