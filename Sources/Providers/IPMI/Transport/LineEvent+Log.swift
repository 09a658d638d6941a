internal import Core
internal import IPMIWire
internal import Logging

extension LineEvent {
    /// What an operator wants to see at night is a notice: that a session was lost or refused, and
    /// that the next one was opened. A BMC that stays as it is, and what is routine, is not.
    func log(to logger: Logger, bmc: IPMIEndpoint) {
        let metadata: Logger.Metadata = ["bmc": "\(bmc)"]
        switch self {
        case .opened(let suite, let isAgain):
            let level: Logger.Level = isAgain ? .notice : .debug
            logger.log(
                level: level,
                "IPMI session opened\(isAgain ? " again" : ""), cipher suite \(suite.id)",
                metadata: metadata)
        case .lost(let step, let quiet):
            logger.notice(
                """
                IPMI session lost: no answer to \(step), and no packet in it for \
                \(quiet.wholeSeconds.text); it is opened anew at need
                """, metadata: metadata)
        case .refused(let failure, let isNews):
            logger.log(
                level: isNews ? .notice : .debug,
                "\(failure.error(attempting: "opening an IPMI session").message)",
                metadata: metadata)
        case .closed:
            logger.debug("IPMI session closed", metadata: metadata)
        }
    }
}

extension Duration {
    fileprivate var wholeSeconds: Duration { .seconds(components.seconds) }
}
