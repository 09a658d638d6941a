extension InventoryReader {
    /// Reads `tls`: at most one of its keys says which certificates are accepted.
    mutating func trust(_ value: InventoryValue?) -> Setting<Placed<TLSTrust>> {
        guard let value else { return .absent }
        guard let trust = trust(of: value) else { return .faulty }
        return .given(Placed(value: trust, place: value.place))
    }

    private mutating func trust(of value: InventoryValue) -> TLSTrust? {
        guard let members = members(of: value, expecting: InventoryEntry.tlsKeys) else {
            return nil
        }
        let insecure = truth(of: members["insecure"])
        var trusts = [authority(members["ca"]), fingerprint(members["fingerprint"])]
        if let value = members["insecure"], insecure.value == true {
            for key in ["ca", "fingerprint"] where members[key] != nil {
                report(
                    "accepts any certificate, which makes \"\(key)\" beside it pointless; "
                        + "remove one of the two", at: value.place)
                trusts.append(.faulty)
            }
            trusts.append(.given(.insecure))
        } else if case .faulty = insecure {
            trusts.append(.faulty)
        }
        if members["ca"] != nil, let pin = members["fingerprint"] {
            report(
                "accepts one certificate, whoever issued it, which makes \"ca\" beside it "
                    + "pointless; remove one of the two", at: pin.place)
            trusts.append(.faulty)
        }
        for case .faulty in trusts { return nil }
        return trusts.lazy.compactMap(\.value).first ?? .system
    }

    private mutating func authority(_ value: InventoryValue?) -> Setting<TLSTrust> {
        switch text(of: value) {
        case .absent: return .absent
        case .faulty: return .faulty
        case .given(let path):
            do {
                return .given(.authorities(file: try files.authority(at: path.value)))
            } catch {
                report(error.message, at: path.place)
                return .faulty
            }
        }
    }

    private mutating func fingerprint(_ value: InventoryValue?) -> Setting<TLSTrust> {
        switch text(of: value) {
        case .absent: return .absent
        case .faulty: return .faulty
        case .given(let text):
            do {
                return .given(.fingerprint(try CertificateFingerprint(parsing: text.value)))
            } catch {
                report(error.message, at: text.place)
                return .faulty
            }
        }
    }

    /// YAML 1.2.2, 10.3.2: `true` and `false`; not the `yes` and `on` of older versions.
    private mutating func truth(of value: InventoryValue?) -> Setting<Bool> {
        switch text(of: value) {
        case .absent: return .absent
        case .faulty: return .faulty
        case .given(let text):
            switch text.value {
            case "true", "True", "TRUE": return .given(true)
            case "false", "False", "FALSE": return .given(false)
            default:
                report("expected true or false", at: text.place)
                return .faulty
            }
        }
    }
}
