internal import Core

extension PowerCommand {
    /// Reset types outside the standard that ask the operating system to shut down.
    ///
    /// `Off`: the HPE Cray EX (`cray-ex425-two-nodes`) lists it beside `ForceOff` and has no
    /// `GracefulShutdown`. HPE's own management software (Cray-HPE/hms-capmc) sends either for an
    /// orderly power-off, whichever is listed.
    static let gracefulQuirks = ["Off"]
}
