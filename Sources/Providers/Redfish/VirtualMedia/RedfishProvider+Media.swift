public import Core
internal import Foundation

extension RedfishProvider {
    /// Puts an image into a free drive that takes such a medium: `InsertMedia` (DSP2046
    /// `VirtualMedia`), or a change of the drive itself where it has no such action.
    public func insertMedia(
        _ image: MediaImage, into device: Device
    ) async throws(ProviderError) {
        let name = "insert \(image.displayed)"
        let lack = try await attempt(name, at: device) {
            (client, system) throws(RedfishFailure) -> String? in
            let found = try await MediaDrives(client: client, system: system).find()
            guard !found.drives.contains(where: { $0.holds(image) }) else { return nil }
            let fitting = found.drives.filter { $0.takes(image.type) ?? true }
            guard !fitting.isEmpty else { return Self.lack(of: image.type, found) }
            let free = try await free(among: fitting, image.type, client)
            try await insert(image, intoOneOf: free, client)
            return nil
        }
        if let lack {
            throw ProviderError(.refused, "\(name) refused: \(lack)", isIncapable: true)
        }
    }

    /// Takes the image out of whichever drive of the device holds it.
    public func ejectMedia(
        _ image: MediaImage, from device: Device
    ) async throws(ProviderError) {
        try await attempt("eject \(image.displayed)", at: device) {
            (client, system) throws(RedfishFailure) in
            let drives = try await MediaDrives(client: client, system: system).find().drives
            let held = drives.filter { $0.holds(image) }
            for drive in held { try await eject(image, from: drive, client) }
            if held.isEmpty,
                let mute = drives.first(where: { $0.isMute && $0.takes(image.type) ?? true })
            {
                throw RedfishFailure(
                    .refused,
                    "the BMC does not say what is in \(mute.title); it was left there: eject it by"
                        + " hand")
            }
        }
    }

    // MARK: Choosing

    private static func lack(of type: MediaType, _ found: MediaDrives.Finding) -> String {
        guard !found.drives.isEmpty else { return found.reason }
        let titles = found.drives.map(\.title).joined(separator: ", ")
        return "no drive takes a \(type.rawValue); there are: \(titles)"
    }

    /// The drives in which nothing is, those that name the type before those that name none. One
    /// that does not say what is in it may have been ejected a moment ago, and is given some time.
    private func free(
        among drives: [VirtualMedia], _ type: MediaType, _ client: RedfishClient
    ) async throws(RedfishFailure) -> [VirtualMedia] {
        var free = drives.filter { !$0.isOccupied }
        if free.isEmpty {
            for drive in drives where drive.isMute {
                let isFree = try await shows(drive, client, within: .seconds(10)) {
                    !$0.isOccupied
                }
                if isFree {
                    free = [drive]
                    break
                }
            }
        }
        guard free.isEmpty else {
            return free.filter { $0.takes(type) == true } + free.filter { $0.takes(type) != true }
        }
        let contents = drives.map { "\($0.title) holds \($0.content)" }.joined(separator: ", ")
        throw RedfishFailure(
            .refused,
            "no drive for a \(type.rawValue) is free: \(contents), which Rackpool did not put in and"
                + " leaves there: eject it by hand")
    }

    // MARK: Changing

    /// Puts an image into the first drive that takes it: some list slots that take nothing first
    /// (Cisco's, and OpenBMC's for its own client), and refuse it or do nothing.
    private func insert(
        _ image: MediaImage, intoOneOf drives: [VirtualMedia], _ client: RedfishClient
    ) async throws(RedfishFailure) {
        var first: RedfishFailure?
        for (index, drive) in drives.enumerated() {
            let isLast = index == drives.count - 1
            do throws(RedfishFailure) {
                return try await insert(
                    image, into: drive, client,
                    within: isLast ? timeouts.media : timeouts.media / 3)
            } catch {
                guard error.mayConcernDriveAlone else { throw first ?? error }
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    private func insert(
        _ image: MediaImage, into drive: VirtualMedia, _ client: RedfishClient,
        within patience: Duration
    ) async throws(RedfishFailure) {
        var parameters = MediaParameters(image, isPatch: drive.insertTarget == nil)
        while true {
            do throws(RedfishFailure) {
                try await command(drive.insertTarget, drive, parameters.values, client)
                break
            } catch {
                guard parameters.adapt(to: error) else {
                    if error.mayHaveActed {
                        let isThere = try await shows(drive, client, within: .seconds(10)) {
                            $0.holds(image)
                        }
                        if isThere { return }
                    }
                    throw error.scrubbed(of: image)
                }
            }
        }
        // A BMC that does not name what is in a drive has shown this one empty before.
        let isThere = try await shows(drive, client, within: patience) {
            $0.holds(image) || $0.isMute
        }
        guard isThere else {
            throw RedfishFailure(
                .refused,
                "the BMC took the command, but \(drive.title) does not show the image after"
                    + " \(patience.text): can the BMC reach \(image.displayed)?")
        }
    }

    private func eject(
        _ image: MediaImage, from drive: VirtualMedia, _ client: RedfishClient
    ) async throws(RedfishFailure) {
        let values: JSONObject =
            drive.ejectTarget == nil ? ["Image": nil, "Inserted": false] : [:]
        do throws(RedfishFailure) {
            try await command(drive.ejectTarget, drive, values, client)
        } catch {
            // Some refuse to eject what is out already, for example by the other of two drives that
            // are one (sushy, bug 2114737).
            let patience: Duration = error.mayHaveActed ? .seconds(10) : .zero
            let isOut = try? await shows(drive, client, within: patience) { !$0.holds(image) }
            if isOut == true { return }
            throw error.scrubbed(of: image)
        }
        guard try await shows(drive, client, within: timeouts.media, { !$0.holds(image) }) else {
            throw RedfishFailure(
                .refused,
                "the BMC took the command, but \(drive.title) shows the image after"
                    + " \(timeouts.media.text)")
        }
    }

    // An action without parameters gets an empty object: iLO refuses no body at all (sushy,
    // fix-eject-media-empty-dict).
    private func command(
        _ target: String?, _ drive: VirtualMedia, _ values: JSONObject, _ client: RedfishClient
    ) async throws(RedfishFailure) {
        let answer =
            if let target {
                try await client.command(
                    "POST", target, .object(values), patience: timeouts.change)
            } else {
                try await client.command(
                    "PATCH", drive.path, .object(values), entityTag: drive.entityTag,
                    patience: timeouts.change)
            }
        // What has not ended in time is looked after by reading.
        _ = try await TaskFollower(client: client, time: time)
            .follow(answer, within: timeouts.media)
    }

    /// Reads a drive until it is as wanted; false if it is not in time. A look that fails in passing
    /// says nothing, for BMCs pause while they attach.
    private func shows(
        _ drive: VirtualMedia, _ client: RedfishClient, within limit: Duration,
        _ isWanted: (VirtualMedia) -> Bool
    ) async throws(RedfishFailure) -> Bool {
        let end = time.uptime + limit
        var pause: Duration = .milliseconds(100)
        while true {
            do throws(RedfishFailure) {
                if isWanted(VirtualMedia(try await client.get(drive.path, insisting: true))) {
                    return true
                }
            } catch {
                let isPassing = [.busy, .unreachable, .malformed, .shortage].contains(error.kind)
                guard isPassing, time.uptime < end else { throw error }
            }
            let rest = end - time.uptime
            guard rest > .zero else { return false }
            do {
                try await time.sleep(for: min(pause, rest))
            } catch {
                throw RedfishFailure(.unreachable, "was cut short", mayHaveActed: true)
            }
            pause = min(pause * 3 / 2, .seconds(3))
        }
    }
}

extension RedfishFailure {
    /// Whether another drive may take what one did not: it was refused, or did not show it.
    fileprivate var mayConcernDriveAlone: Bool {
        guard let status else { return kind == .refused }
        return (400..<500).contains(status) && ![401, 408, 429].contains(status)
            || [500, 501].contains(status)
    }

    /// Without the query of the image's URL, should the BMC have repeated it.
    fileprivate func scrubbed(of image: MediaImage) -> RedfishFailure {
        var failure = self
        failure.text = image.scrubbing(text)
        return failure
    }
}
