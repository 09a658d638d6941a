internal import Core
internal import HTTPClient

/// An answer that says "not now", under whatever status.
///
/// - `ServiceTemporarilyUnavailable`, `ServiceInUnknownState`, `ResourceInStandby`: Base registry
///   (DSP8011), seen with 200, 400, 500 and 503. The first tells the seconds in its arguments.
/// - `SWC0700`: iDRAC with 400, "iDRAC is not ready … retry the operation after a few minutes".
/// - `SYS518`: iDRAC with 503, the time in its arguments alone.
/// - `InvalidOperationForSystemState`, `UnableToModifyDuringSystemPOST`: iLO with 400, the latter
///   to a change of what is booted from.
struct BusyAnswer {
    /// How long the BMC asks to be left alone; nil if it does not say.
    let asked: Duration?

    private static let keys: Set = [
        "servicetemporarilyunavailable", "serviceinunknownstate", "resourceinstandby", "swc0700",
        "sys518", "invalidoperationforsystemstate", "unabletomodifyduringsystempost",
    ]

    /// Nil if the answer says no such thing.
    init?(_ response: HTTPResponse) {
        let mayBeBusy = response.status >= 400 || response.bringsErrorAlone
        guard mayBeBusy, ![401, 404, 410].contains(response.status),
            let json = try? response.json()
        else { return nil }
        let message = RedfishErrorBody(json).all.first { message in
            let key = message.messageID?.split(separator: ".").last?.lowercased()
            return key.map(Self.keys.contains) ?? false
        }
        guard let message else { return nil }
        let seconds = message.arguments.lazy.compactMap { Quantity($0, for: "") }.first?.value
        asked = seconds.flatMap { (0...3600).contains($0) ? .seconds($0) : nil }
    }
}

extension RedfishFailure {
    /// The BMC answered that it is busy, and not because all of its sessions are taken, or because
    /// it waited for us in vain (408), when nobody knows what it did.
    var isMomentary: Bool {
        kind == .busy && status != nil && status != 408 && !SessionLimit.isMeant(by: text)
    }
}
