internal import Core
internal import IPMIWire

extension IPMIFailure {
    /// `power on failed: …` for an attempt called `power on`, with what an operator can do.
    func error(attempting title: String) -> ProviderError {
        let verdict =
            switch kind {
            case .refused, .unauthorised, .untrusted: "refused"
            case .busy, .unreachable, .malformed, .shortage: "failed"
            }
        return ProviderError(kind, "\(title) \(verdict): \(text)", mayHaveActed: mayHaveActed)
    }

    /// Whether the BMC may have done something all the same.
    var mayHaveActed: Bool {
        switch self {
        case .silent(_, _, let mayHaveActed), .cancelled(let mayHaveActed): mayHaveActed
        case .refused(let command, let code):
            command == ChassisControl.name && !code.meansNothingDone
        case .malformed: true
        default: false
        }
    }

    private var kind: ProviderError.Kind {
        switch self {
        case .unresolved: .shortage
        case .unsendable(_, let isOurs): isOurs ? .shortage : .unreachable
        case .silent, .cancelled, .closed: .unreachable
        case .ignored, .unusable, .versionOne, .noCommonSuite: .refused
        case .session(let failure), .heldBack(let failure, _): failure.kind
        case .refused(let command, let code):
            if code.isAboutPrivilege(of: command) {
                .unauthorised
            } else {
                // Every BMC knows the chassis status (IPMI v2.0 appendix G). While the power changes
                // some can't tell it, and answer 0xFF and the like: that says nothing of the state.
                code.isTransient || command == GetChassisStatus.name ? .busy : .refused
            }
        case .malformed(let command, _): command == GetChassisStatus.name ? .busy : .malformed
        }
    }

    private var text: String {
        switch self {
        case .silent(let step, let attempts, _): Self.silence(after: step, attempts)
        case .ignored(let command):
            "the BMC says nothing to \(command), and answers to other commands: it does not know it"
        case .unsendable(let reason, _):
            "the packet could not be sent: \(reason); check this machine's routes and firewall"
        case .unresolved(let host, let reason):
            "the host name \(host) could not be resolved: \(reason)"
        case .unusable(let reason): "the inventory's entry can't be used over IPMI: \(reason)"
        case .session(let failure): failure.text
        case .heldBack(let failure, let pause):
            "\(failure.text); so as not to lock the account it is not tried again for "
                + pause.roundedUp.text
        case .versionOne:
            "the BMC speaks IPMI 1.5 only, or RMCP+ is turned off; 2.0 is needed: update its"
                + " firmware or enable IPMI 2.0 over LAN"
        case .noCommonSuite(let offered, let allowed): Self.suites(offered, allowed)
        case .refused(let command, let code): Self.refusal(of: command, code)
        case .malformed(let command, let error):
            "the answer to \(command) makes no sense: \(error.text)"
        case .cancelled: "cancelled before the BMC had answered"
        case .closed: "the BMC is not used any more"
        }
    }

    private static func silence(after step: String, _ attempts: Int) -> String {
        switch step {
        case presence:
            "nothing answers: sent \(attempts) times over UDP; check the address and port, that IPMI"
                + " over LAN is enabled at the BMC, and that no firewall is between"
        case SessionMachine.Step.openSession, SessionMachine.Step.rakp1, SessionMachine.Step.rakp3:
            "the BMC stopped answering while the session was opened, at \(step); if this stays so,"
                + " check the user name and the cipher suites, for some BMCs say nothing to those"
                + " that they don't take, and whether the BMC hangs"
        case _ where attempts == 0:
            "no session came about in time for \(step)"
        default: "no answer to \(step), sent \(attempts) times"
        }
    }

    private static func suites(_ offered: [UInt8], _ allowed: [UInt8]) -> String {
        func list(_ numbers: [UInt8]) -> String {
            numbers.map(String.init).joined(separator: ", ")
        }
        let theirs = offered.isEmpty ? "" : ", which lists \(list(offered))"
        // No advice to do without encryption.
        let spoken = offered.filter { number in
            CipherSuite.offered.contains { $0.id == number } && !allowed.contains(number)
        }
        let advice =
            spoken.isEmpty
            ? "enable one of them at the BMC"
            : "enable one of them at the BMC, or allow \(list(spoken)) with \"cipherSuites\" in the"
                + " inventory"
        return
            "the BMC takes none of the allowed cipher suites (\(list(allowed)))\(theirs); \(advice)"
    }

    private static func refusal(of command: String, _ code: CompletionCode) -> String {
        guard code.isAboutPrivilege(of: command) else { return "\(command): \(code)" }
        if command == SetSessionPrivilegeLevel.name {
            return "the user may not have the privilege that the inventory asks for (\(code)); give"
                + " the user more at the BMC, or set \"privilege\" in the inventory to less"
        }
        return "\(command): \(code); raise \"privilege\" in the inventory, or the user's at the BMC"
    }
}

extension CompletionCode {
    /// Whether a refusal of a command is one for want of privilege.
    func isAboutPrivilege(of command: String) -> Bool {
        self == .insufficientPrivilege
            || command == SetSessionPrivilegeLevel.name
                && [
                    SetSessionPrivilegeLevel.levelNotAvailable,
                    SetSessionPrivilegeLevel.levelExceedsLimit,
                ].contains(self)
    }
}

extension SessionFailure {
    fileprivate var kind: ProviderError.Kind {
        switch self {
        case .wrongPassword, .wrongLongPassword, .wrongBMCKey: .unauthorised
        case .crossed: .unreachable
        case .refused(_, let status) where status.isShortage: .busy
        case .refused where isAboutCredentials: .unauthorised
        case .refused: .refused
        case .shortCode, .blankCode, .otherSuite, .cipher: .malformed
        }
    }

    fileprivate var text: String {
        switch self {
        case .wrongPassword:
            "the password is wrong: the BMC knows the user, but has another password for it"
        case .wrongLongPassword:
            "the password is wrong: the BMC knows the user, but has another password for it; some BMCs"
                + " keep just its first 16 bytes, so try those, or set a shorter one"
        case .shortCode(let step):
            "the BMC's proof of who it is, after \(step), is too short; try another of \"cipherSuites\","
                + " or update its firmware"
        case .blankCode(let step):
            "the BMC's proof of who it is, after \(step), is all zeros: its firmware does not master"
                + " the cipher suite; allow another with \"cipherSuites\", or update the firmware"
        case .wrongBMCKey:
            "the BMC has another key of its own (K_g): set \"kg\" in the inventory to the BMC's, or"
                + " clear it at the BMC"
        case .crossed(let step, let status):
            "the BMC answers so slowly that questions were sent again while it was at them, and lost"
                + " the thread at \(step): \(status); set \"retryAfter\" in the inventory to more than"
                + " it takes"
        case .otherSuite(let suite): "the BMC chose \(suite), which it was not asked for"
        case .cipher: "a packet could not be enciphered"
        case .refused(_, let status) where status.isShortage:
            "\(status): other consoles hold them all; close their sessions (ipmitool, web interface,"
                + " monitoring), wait a minute until the BMC drops them, or restart the BMC"
        case .refused(_, .unauthorisedName):
            "the BMC knows no such user, or the user may not use IPMI over LAN, or not have the"
                + " privilege that is asked for"
                + " (\(RMCPPlusStatus.unauthorisedName))"
        case .refused(_, let status) where [.unauthorisedRole, .invalidRole].contains(status):
            "\(status): give the user more at the BMC, or set \"privilege\" in the inventory to less"
        case .refused(let step, let status):
            "the BMC refused to open a session at \(step): \(status)"
        }
    }
}

extension IPMIWireError {
    fileprivate var text: String {
        switch self {
        case .truncated(let field): "it ends before the \(field)"
        case .invalid(let field): "the \(field) is not valid"
        case .notAuthentic(let field): "the \(field) does not match"
        }
    }
}

extension Duration {
    /// In whole seconds, and never 0.
    fileprivate var roundedUp: Duration {
        .seconds(max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)))
    }
}
