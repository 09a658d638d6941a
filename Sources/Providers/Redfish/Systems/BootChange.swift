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
        /// These properties, where it shows them; `offered` are the targets that may be set.
        case shows(JSONObject, offered: [String]?)
        /// None, in the mode in which the system was, if it showed one.
        case noOverride(mode: String?)
    }

    enum Verdict: Hashable {
        case asExpected
        /// With what is shown instead.
        case different(String)
        /// All but the mode.
        case otherMode(String)
        /// The resource shows none of it.
        case unknown
    }

    /// Whether `boot` is what it should be after the change.
    func verdict(on boot: Boot) -> Verdict {
        let shown = boot.overrideProperties
        switch expected {
        case .noOverride(let mode):
            guard boot.bootSourceOverrideEnabled != nil else { return .unknown }
            if boot.isOverridden { return .different(Self.text(shown)) }
            guard let mode, let present = boot.bootSourceOverrideMode,
                mode.lowercased() != present.lowercased()
            else { return .asExpected }
            return .otherMode(Self.text(shown))
        case .shows(let wanted, let offered):
            guard shown.keys.contains(where: { $0 != Boot.mode && $0 != Boot.uri }) else {
                return .unknown
            }
            let wrong = wanted.filter { property, value in
                guard let text = value.string?.lowercased(), let present = shown[property]?.string
                else {
                    return false
                }
                // sushy-emulator shows every override as Continuous, and so do BMCs that know no other.
                if property == Boot.enabled { return present.lowercased() == "disabled" }
                if property == Boot.target, Self.isOwnName(present, offered) { return false }
                return text != present.lowercased()
            }.map(\.key)
            if wrong.isEmpty { return .asExpected }
            return wrong == [Boot.mode]
                ? .otherMode(Self.text(shown)) : .different(Self.text(shown))
        }
    }

    /// Whether a target is a name of the BMC's own, that nobody could have set: Supermicro's show
    /// `UefiBootNext` for what was set.
    private static func isOwnName(_ target: String, _ offered: [String]?) -> Bool {
        let known = BootTarget.allCases.flatMap(\.names) + (offered ?? []) + ["None"]
        return !known.contains { $0.lowercased() == target.lowercased() }
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
    /// An override that is to last is one for the next boot where the BMC takes no other: see
    /// ``isForOneBoot(_:)``.
    /// - Throws: `refused`, with what the BMC allows, if it does not offer the target, the mode, or
    ///   how long the override lasts.
    init(_ wanted: BootOverride, _ boot: Boot) throws(RedfishFailure) {
        guard boot.canOverride else {
            throw RedfishFailure(.refused, "the system shows no boot override")
        }
        let lasting = wanted.once ? ["Once"] : ["Continuous", "Once"]
        var plain = JSONObject()
        plain[Boot.enabled] = try Self.check(lasting, boot.enabledAllowableValues, Boot.enabled)
        plain[Boot.target] = try Self.check(
            wanted.target.names(among: boot.targetAllowableValues), boot.targetAllowableValues,
            Boot.target)
        // An URI that an earlier override left behind must not be booted from now.
        if wanted.target == .uefiHttp, wanted.httpBootURI ?? boot.httpBootUri != nil {
            plain[Boot.uri] = JSON(wanted.httpBootURI)
        }
        var expected = plain
        var forms: [Form] = [[plain]]
        if let mode = try Self.mode(wanted, boot) {
            expected[Boot.mode] = .string(mode)
            let isSet = boot.bootSourceOverrideMode?.lowercased() == mode.lowercased()
            forms =
                isSet
                ? [[plain], [expected]] : [[expected], [[Boot.mode: .string(mode)], plain]]
        }
        // Continuous may be refused where it is listed, or nothing is.
        if !wanted.once, plain[Boot.enabled]?.string?.lowercased() != "once",
            let once = Self.match(["Once"], boot.enabledAllowableValues)
        {
            forms += forms.map { form in
                form.map { body in
                    var body = body
                    if body[Boot.enabled] != nil { body[Boot.enabled] = .string(once) }
                    return body
                }
            }
        }
        self.init(
            forms: forms, expected: .shows(expected, offered: boot.targetAllowableValues))
    }

    /// Whether what a form sets has to be set anew before each boot that it is wanted for.
    static func isForOneBoot(_ form: Form) -> Bool {
        form.contains { $0[Boot.enabled]?.string?.lowercased() == "once" }
    }

    /// The mode asked for, else the present one, else UEFI where it is offered.
    ///
    /// The present one is left out at first: an iDRAC 9 makes a BIOS job of a mode that is written,
    /// be it the present one, and the job's boot uses up the `Once`; some HPE refuse it, though
    /// nothing would change (ansible-collections/community.general, issue 3509). Supermicro's fall
    /// back to Legacy if a change of the target leaves it out (openstack/ironic,
    /// redfish/management.py, set_boot_device): seen to do so, they get it at once.
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
        let bodies = [none, whole, kept, disabled].filter { seen.insert($0).inserted }
        return BootChange(
            forms: bodies.map { [$0] }, expected: .noOverride(mode: boot.bootSourceOverrideMode))
    }
}
