internal import Core

/// Virtual media: what is in the drives is kept with the other changes of resources.
extension BMCState {
    /// The drive's resource and what an action that is posted to `path` does to it. By some
    /// dialects drives have no actions.
    func mediaAction(
        at path: String
    ) -> (drive: FixtureMedia.Drive, action: FixtureMedia.Action)? {
        guard !speaks(.mediaByPatch), let found = fixture.media.action(at: path) else { return nil }
        return (fixture.media.drives[found.drive], found.action)
    }

    /// `VirtualMedia.InsertMedia` and `VirtualMedia.EjectMedia`.
    mutating func answer(
        _ action: FixtureMedia.Action, of drive: FixtureMedia.Drive, _ request: SimulatedRequest
    ) throws(Refusal) -> SimulatedAnswer {
        guard request.method == "POST" else {
            throw .methodNotAllowed(request.method, request.path, allow: "POST")
        }
        guard let resource = fixture.resource(at: drive.path) else { throw .missing(request.path) }
        switch action {
        case .insert:
            let parameters = try request.object()
            try checkInsertion(parameters)
            guard json(of: resource)?["Inserted"]?.bool != true else { throw .inTransition }
            try insert(parameters, into: resource)
        case .eject:
            _ = try request.object()
            eject(resource)
        }
        noteMedia()
        return SimulatedAnswer(status: 204)
    }

    /// `PATCH` of a drive: an image and `Inserted` put it in, without them it is taken out.
    mutating func patchMedia(
        _ resource: FixtureResource, _ request: SimulatedRequest
    ) throws(Refusal) -> SimulatedAnswer {
        try checkPrecondition(of: request, on: resource)
        let wanted = try request.object().filter { !$0.key.hasPrefix("@") }
        let changeable = ["Image", "Inserted", "WriteProtected", "TransferProtocolType"]
        for (property, _) in wanted where !changeable.contains(property) {
            throw .notWritable(property)
        }
        let values = JSONObject(wanted.map { ($0.key, $0.value) })
        if values["Image"]?.string != nil {
            // Lenovo's attach nothing without it.
            if values["Inserted"]?.bool == true {
                try insert(values, into: resource)
            } else {
                change(resource, merging: ["Image": values["Image"] ?? .null])
            }
        } else if values["Inserted"]?.bool == false || values["Image"]?.isNull == true {
            eject(resource)
        } else {
            change(resource, merging: values)
        }
        noteMedia()
        return try read(resource, query: nil)
    }

    /// Puts an image in, as somebody else would.
    mutating func insert(_ image: String, into drive: FixtureMedia.Drive) {
        guard let resource = fixture.resource(at: drive.path) else { return }
        // The image is not checked: somebody else's may be anywhere.
        change(resource, merging: Self.inserted(["Image": .string(image)]))
        noteMedia()
    }

    /// The URLs of the images that a system sees.
    func images(of system: Int) -> [String] {
        fixture.media.drives.filter { $0.systems.contains(system) && isInserted($0) }
            .compactMap { drive in
                fixture.resource(at: drive.path).flatMap { json(of: $0) }?["Image"]?.string
            }
    }

    /// Prepares drives and boot sources for the dialects.
    mutating func prepareMedia() {
        if speaks(.mediaByPatch) {
            for drive in fixture.media.drives {
                guard let resource = fixture.resource(at: drive.path) else { continue }
                change(resource, merging: ["Actions": nil])
            }
        }
        if speaks(.mediaAsUSBCD) {
            for index in systems.indices { systems[index].offerBoot(from: "UsbCd") }
        }
        noteMedia()
    }

    /// Tells the systems what they can boot from.
    private mutating func noteMedia() {
        for index in systems.indices {
            let drives = fixture.media.drives.filter { $0.systems.contains(index) }
            guard !drives.isEmpty else { continue }
            // A drive in the machine, with nothing in it.
            var all: Set<String> = speaks(.mediaAsUSBCD) ? ["Cd"] : []
            var full: Set<String> = []
            for drive in drives {
                let sources = drive.types.flatMap { bootSources(of: $0) }
                all.formUnion(sources)
                if isInserted(drive) { full.formUnion(sources) }
            }
            systems[index].emptySources = all.subtracting(full)
        }
    }

    private func isInserted(_ drive: FixtureMedia.Drive) -> Bool {
        changes[drive.path]?.overlay["Inserted"]?.bool ?? drive.isInserted
    }

    private func bootSources(of type: String) -> [String] {
        switch type {
        case "CD", "DVD": speaks(.mediaAsUSBCD) ? ["UsbCd"] : ["Cd"]
        case "USBStick": ["Usb"]
        case "Floppy": ["Floppy"]
        default: []
        }
    }

    private mutating func insert(
        _ values: JSONObject, into resource: FixtureResource
    ) throws(Refusal) {
        guard let image = values["Image"]?.string, isPlace(image) else {
            throw .wrongType(of: "Image", values["Image"] ?? .null)
        }
        show(Self.inserted(values), in: resource)
    }

    private func isPlace(_ image: String) -> Bool {
        if speaks(.mediaNFSPath) {
            if image.hasPrefix("nfs:") { return false }
            if image.contains(":/") { return true }
        }
        return image.contains("://")
    }

    private mutating func eject(_ resource: FixtureResource) {
        var values: JSONObject = ["Inserted": false, "ConnectedVia": "NotConnected"]
        if !speaks(.mediaKeepsImage) {
            values["Image"] = .some(.null)
            values["ImageName"] = .some(.null)
        }
        show(values, in: resource)
    }

    private mutating func show(_ values: JSONObject, in drive: FixtureResource) {
        guard speaks(.mediaSlow) else { return change(drive, merging: values) }
        mediaInTheMaking[drive.path] = MediaChange(values: values, looks: 2)
    }

    /// Somebody looks at a resource: a change of it that is being made comes nearer.
    mutating func noteLook(at resource: FixtureResource) {
        guard var pending = mediaInTheMaking[resource.path] else { return }
        pending.looks -= 1
        mediaInTheMaking[resource.path] = pending.looks < 0 ? nil : pending
        guard pending.looks < 0 else { return }
        change(resource, merging: pending.values)
        noteMedia()
    }

    private static func inserted(_ values: JSONObject) -> JSONObject {
        let image = values["Image"]?.string ?? ""
        return [
            "Image": .string(image),
            "ImageName": .string(image.split(separator: "/").last.map(String.init) ?? image),
            "Inserted": values["Inserted"] ?? true,
            "ConnectedVia": "URI",
            "WriteProtected": values["WriteProtected"] ?? true,
        ]
    }

    // What some BMCs make of the parameters; openstack/sushy, resources/manager/virtual_media.py.
    private func checkInsertion(_ parameters: JSONObject) throws(Refusal) {
        let action = "VirtualMedia.InsertMedia"
        if speaks(.mediaImageOnly), let other = parameters.keys.first(where: { $0 != "Image" }) {
            throw .unsupportedParameter(
                action, other, value: parameters[other]?.description ?? "", allowed: ["Image"])
        }
        for (dialect, names) in Self.demanded where speaks(dialect) {
            for name in names where parameters[name] == nil {
                throw .missingParameter(action, name)
            }
        }
        if speaks(.mediaMuteRefusal), parameters["TransferProtocolType"] == nil {
            throw .unexplained
        }
        guard parameters["Image"] != nil else { throw .missingParameter(action, "Image") }
    }

    private static let demanded: [(Dialect, [String])] = [
        (.mediaNeedsMethod, ["TransferMethod"]),
        (.mediaNeedsProtocol, ["TransferProtocolType"]),
        (.mediaNeedsUser, ["UserName", "Password"]),
    ]
}
