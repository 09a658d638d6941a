internal import Core
internal import IPMIWire

/// Finds out how sessions with a BMC are opened, which it tells anybody (IPMI v2.0 22.13, 22.15).
struct ChannelInspector: Sendable {
    let probe: IPMIProbe
    let privilege: PrivilegeLevel

    /// What was told.
    struct Report: Sendable {
        var capabilities: GetChannelAuthenticationCapabilities.Response
        var suites: [CipherSuiteRecord] = []
        /// Why the suites are not known; nil if they are.
        var complaint: String?
        var requests = 1
    }

    /// Fails only if nothing answers or sessions can't be spoken of at all.
    func inspect() async -> Result<Report, IPMIFailure> {
        var question = GetChannelAuthenticationCapabilities(privilegeLevel: privilege)
        var answer = await probe.perform(question)
        if case .failure(.refused) = answer {
            // A BMC of version 1.5 may not know the bit that asks for 2.0.
            question.wantsExtended = false
            answer = await probe.perform(question)
        }
        switch answer {
        case .failure(let failure): return .failure(failure)
        case .success(let capabilities):
            var report = Report(capabilities: capabilities)
            if capabilities.speaksVersion2 { await listSuites(&report) }
            return .success(report)
        }
    }

    private func listSuites(_ report: inout Report) async {
        var bytes: [UInt8] = []
        for index in 0..<GetChannelCipherSuites.partLimit {
            report.requests += 1
            switch await probe.perform(GetChannelCipherSuites(index: UInt8(index))) {
            case .failure(.refused(_, let code)):
                report.complaint = "cipher suites: \(code)"
            case .failure(.silent):
                report.complaint = "cipher suites: no answer"
            case .failure:
                report.complaint = "cipher suites: the answer makes no sense"
            case .success(let part):
                bytes += part.records
                if part.records.count == GetChannelCipherSuites.partLength { continue }
            }
            break
        }
        report.suites = CipherSuiteRecord.readAll(bytes)
    }
}

extension ChannelInspector.Report {
    /// Adds what a person wants to know.
    func enter(into inspection: inout IPMIInspection) {
        let versions = [
            capabilities.speaksVersion2 ? "2.0" : nil, capabilities.speaksVersion1 ? "1.5" : nil,
        ].compactMap(\.self)
        let users = [
            capabilities.hasNamedUsers ? "with names" : nil,
            capabilities.hasNullUser ? "one without a name, with a password" : nil,
            capabilities.hasAnonymousUser ? "one with neither name nor password" : nil,
        ].compactMap(\.self)
        inspection.add(
            "Channel \(capabilities.channel)",
            [
                ("IPMI", versions.isEmpty ? "none" : versions.joined(separator: ", ")),
                ("Users", users.isEmpty ? "none" : users.joined(separator: ", ")),
                ("Own key (K_g)", capabilities.hasBMCKey ? "set" : "none"),
                (
                    "Cipher suites",
                    suites.isEmpty ? nil : suites.map(Self.text).joined(separator: ", ")
                ),
            ])
        if let complaint { inspection.problems.append(complaint) }
        let isOpen = suites.contains { $0.oem == nil && $0.id == 0 }
        if isOpen {
            inspection.problems.append(
                "a warning: the BMC takes cipher suite 0, which asks for no password; turn it off")
        }
        inspection.requests += requests
    }

    private static func text(_ record: CipherSuiteRecord) -> String {
        record.oem.map { "\(record.id) (of vendor \($0))" } ?? "\(record.id)"
    }
}
