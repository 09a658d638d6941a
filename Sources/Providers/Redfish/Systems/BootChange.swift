internal import Core

/// A change of a system's boot settings, in all the forms in which BMCs are known to take it.
struct BootChange {
    /// Bodies to send one after the other; most forms are one body.
    typealias Form = [JSONObject]

    /// The forms, the best first.
    let forms: [Form]
    /// What a resource must show afterwards.
    let expected: Expectation

    enum Expectation {
        /// These properties, where it shows them.
        case shows(JSONObject)
        case noOverride
    }

    enum Verdict: Hashable {
        case asExpected
        /// With what is shown instead.
        case different(String)
        /// The resource shows none of it.
        case unknown
    }

    /// Whether `boot` is what it should be after the change.
    func verdict(on boot: Boot) -> Verdict {
        let shown = boot.overrideProperties
        switch expected {
        case .noOverride:
            guard boot.bootSourceOverrideEnabled != nil else { return .unknown }
            return boot.isOverridden ? .different(Self.text(shown)) : .asExpected
        case .shows(let wanted):
            guard shown.keys.contains(where: { $0 != Boot.mode && $0 != Boot.uri }) else {
                return .unknown
            }
            let isShown = wanted.allSatisfy { property, value in
                guard let text = value.string?.lowercased(), let present = shown[property]?.string
                else {
                    return true
                }
                // sushy-emulator shows every override as Continuous, and so do BMCs that know no other.
                if property == Boot.enabled { return present.lowercased() != "disabled" }
                return text == present.lowercased()
            }
            return isShown ? .asExpected : .different(Self.text(shown))
        }
    }

    private static func text(_ shown: JSONObject) -> String {
        shown.map { "\($0.key) \($0.value.string ?? "null")" }.joined(separator: ", ")
    }
}

extension Boot {
    static let enabled = "BootSourceOverrideEnabled"
    static let target = "BootSourceOverrideTarget"
    static let mode = "BootSourceOverrideMode"
    static let uri = "HttpBootUri"

    /// What is shown of an override, by the schema's names.
    fileprivate var overrideProperties: JSONObject {
        var shown = JSONObject()
        shown[Self.enabled] = bootSourceOverrideEnabled.map(JSON.string)
        shown[Self.target] = bootSourceOverrideTarget.map(JSON.string)
        shown[Self.mode] = bootSourceOverrideMode.map(JSON.string)
        shown[Self.uri] = httpBootUri.map(JSON.string)
        return shown
    }
}

// MARK: - Setting an override

extension BootChange {
    /// - Throws: `refused`, with what the BMC allows, if it does not offer the target, the mode, or
    ///   how long the override lasts.
    init(_ wanted: BootOverride, _ boot: Boot) throws(RedfishFailure) {
        guard boot.canOverride else {
            throw RedfishFailure(.refused, "the system shows no boot override")
        }
        var plain = JSONObject()
        plain[Boot.enabled] = try Self.check(
            [wanted.once ? "Once" : "Continuous"], boot.enabledAllowableValues, Boot.enabled)
        plain[Boot.target] = try Self.check(
            wanted.target.names(among: boot.targetAllowableValues), boot.targetAllowableValues,
            Boot.target)
        // An URI that an earlier override left behind must not be booted from now.
        if wanted.target == .uefiHttp, wanted.httpBootURI ?? boot.httpBootUri != nil {
            plain[Boot.uri] = JSON(wanted.httpBootURI)
        }
        guard let mode = try Self.mode(wanted, boot) else {
            self.init(forms: [[plain]], expected: .shows(plain))
            return
        }
        var whole = plain
        whole[Boot.mode] = .string(mode)
        let isSet = boot.bootSourceOverrideMode?.lowercased() == mode.lowercased()
        self.init(
            forms: [[whole], isSet ? [plain] : [[Boot.mode: .string(mode)], plain]],
            expected: .shows(whole))
    }

    /// The mode asked for, else the present one, else UEFI where it is offered.
    ///
    /// It is always sent where the BMC knows it: Supermicro's fall back to Legacy if a change of the
    /// target leaves it out (openstack/ironic, redfish/management.py, set_boot_device). Some HPE
    /// refuse it, though nothing would change (ansible-collections/community.general, issue 3509):
    /// to those it is not sent again.
    private static func mode(_ wanted: BootOverride, _ boot: Boot) throws(RedfishFailure) -> String?
    {
        let allowed = boot.modeAllowableValues
        if let mode = wanted.mode {
            return try check([mode.rawValue], allowed, Boot.mode).string
        }
        if let present = boot.bootSourceOverrideMode, let mode = match([present], allowed) {
            return mode
        }
        return allowed.flatMap { match([BootMode.uefi.rawValue], $0) }
    }

    private static func check(
        _ names: [String], _ allowed: [String]?, _ property: String
    ) throws(RedfishFailure) -> JSON {
        guard let match = match(names, allowed) else {
            throw RedfishFailure(
                .refused,
                "the BMC does not offer \(property) \(names[0])"
                    + RedfishProvider.allowance(allowed))
        }
        return .string(match)
    }

    /// The first of `names` that is allowed, as the BMC writes it. Where the BMC names no values,
    /// the first.
    private static func match(_ names: [String], _ allowed: [String]?) -> String? {
        guard let allowed else { return names.first }
        for name in names {
            if let match = allowed.first(where: { $0.lowercased() == name.lowercased() }) {
                return match
            }
        }
        return nil
    }
}

// MARK: - Clearing it

extension BootChange {
    /// Takes an override back. BMCs differ in what they want beside `Disabled`:
    /// - the mode, or the change has no effect (ansible-collections/community.general, pull request
    ///   11543), and Supermicro's would fall back to Legacy;
    /// - a target other than `None`: HPE's iLO (ironcore-dev/metal-operator, pull request 998), and
    ///   sushy-emulator, which offers no `None` and refuses a change that names no target;
    /// - nothing.
    static func clearing(_ boot: Boot) -> BootChange {
        let disabled: JSONObject = [Boot.enabled: "Disabled"]
        var kept = disabled
        kept[Boot.target] = boot.bootSourceOverrideTarget.map(JSON.string)
        var none = kept
        if let target = match(["None"], boot.targetAllowableValues),
            boot.targetAllowableValues != nil
        {
            none[Boot.target] = .string(target)
        }
        var whole = none
        whole[Boot.mode] = boot.bootSourceOverrideMode.map(JSON.string)
        var seen: Set<JSONObject> = []
        let bodies = [whole, none, kept, disabled].filter { seen.insert($0).inserted }
        return BootChange(forms: bodies.map { [$0] }, expected: .noOverride)
    }
}
