import Core
import IPMIWire
import Testing

@testable import IPMI

@Suite struct IPMIFailureTests {
    @Test(
        "each failure becomes an error of its kind, which says what to do",
        arguments: [
            (.silent(step: "presence", attempts: 8, mayHaveActed: false), .unreachable, "firewall"),
            (.silent(step: "RAKP 1", attempts: 5, mayHaveActed: false), .unreachable, "user name"),
            (.silent(step: "act", attempts: 5, mayHaveActed: true), .unreachable, "5 times"),
            (.unsendable("no route", isOurs: true), .shortage, "routes"),
            (.unsendable("no such host", isOurs: false), .unreachable, "routes"),
            (.unresolved(host: "h", "NXDOMAIN"), .shortage, "host name h"),
            (.unusable("kg: too long"), .refused, "kg: too long"),
            (.session(.wrongPassword), .unauthorised, "password is wrong"),
            (.session(.wrongBMCKey), .unauthorised, "\"kg\""),
            (
                .session(.refused(step: "RAKP 1", .unauthorisedName)), .unauthorised,
                "knows no such user"
            ),
            (
                .session(.refused(step: "RAKP 1", .unauthorisedRole)), .unauthorised,
                "\"privilege\""
            ),
            (.session(.refused(step: "open session", .outOfResources)), .busy, "close their"),
            (
                .heldBack(.wrongPassword, pause: .milliseconds(57_100)), .unauthorised,
                "not tried again for 58s"
            ),
            (.versionOne, .refused, "IPMI 1.5"),
            (
                .noCommonSuite(offered: [0, 3], allowed: [17]), .refused,
                "lists 0, 3; enable one of them at the BMC, or allow 3 with \"cipherSuites\""
            ),
            (
                .refused(command: "set session privilege level", CompletionCode(rawValue: 0x81)),
                .unauthorised, "\"privilege\""
            ),
            (.refused(command: "act", .insufficientPrivilege), .unauthorised, "\"privilege\""),
            (.refused(command: "act", .nodeBusy), .busy, "node busy"),
            (.refused(command: "act", .invalidField), .refused, "0xCC"),
            (.malformed(command: "ask", .truncated("byte")), .malformed, "ends before the byte"),
            (.cancelled(mayHaveActed: true), .unreachable, "cancelled"),
            (.closed, .unreachable, "not used any more"),
        ] as [(IPMIFailure, ProviderError.Kind, String)])
    func texts(failure: IPMIFailure, kind: ProviderError.Kind, part: String) {
        let error = failure.error(attempting: "power on")
        #expect(error.kind == kind)
        #expect(error.message.hasPrefix("power on "))
        #expect(error.message.contains(part), "\(error.message)")
    }

    @Test("a command that may have acted is said to have")
    func mayHaveActed() {
        for flag in [true, false] {
            let failure = IPMIFailure.silent(step: "act", attempts: 5, mayHaveActed: flag)
            #expect(failure.error(attempting: "power on").mayHaveActed == flag)
        }
    }
}
