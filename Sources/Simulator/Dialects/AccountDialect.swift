internal import Core

/// Refusals that are not about user name and password.
enum AccountDialect: DialectBehaviour {
    case passwordChange
    case licensed

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        let path = ResourcePath.canonical(request.path)
        switch self {
        case .passwordChange
        where path != ResourcePath.root && !path.hasPrefix(state.fixture.sessionsPath ?? "-"):
            throw Refusal(
                403, of: "Base.1.18.PasswordChangeRequired",
                "The password provided for this account must be changed before access is granted.")
        case .licensed where path.contains("/VirtualMedia") && !request.isRead:
            throw Refusal(
                403, of: "SMC.1.0.OemLicenseNotPassed", "Not licensed to perform this request.")
        case .passwordChange, .licensed: return nil
        }
    }
}
