internal import Core

/// A drive that a BMC presents to its system (DSP2046 `VirtualMedia`).
struct VirtualMedia {
    let path: String
    /// What a change is based on.
    let entityTag: EntityTag?
    let id: String
    /// `CD`, `DVD`, `Floppy`, `USBStick`; empty if the service does not say.
    let mediaTypes: [String]
    /// The image's URL.
    let image: String?
    /// The image's name, where the service does not show its URL.
    let imageName: String?
    /// Nil if the service does not say.
    let inserted: Bool?
    /// Where to POST; nil if the service has no such action and the drive itself is changed.
    let insertTarget: String?
    let ejectTarget: String?

    init(_ resource: RedfishResource) {
        let json = resource.json
        path = resource.path
        entityTag = resource.entityTag
        id = json.text("Id") ?? BMCAddress.lastSegment(of: resource.path)
        mediaTypes = json.texts("MediaTypes") ?? []
        image = json["Image"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        imageName = json.text("ImageName")
        inserted = json["Inserted"]?.bool
        let target = { (action: String) in
            let action = json["Actions"]?["#VirtualMedia.\(action)"]
            return action?.object == nil ? nil : action?.link("target")
        }
        insertTarget = target("InsertMedia")
        ejectTarget = target("EjectMedia")
    }

    /// Whether anything is in the drive. Some services leave the last image's URL behind when it is
    /// ejected (Supermicro: ansible-collections/community.general issue 6969), so that `Inserted`
    /// tells where it is given.
    var isOccupied: Bool { inserted ?? (image != nil || imageName != nil) }

    /// Whether an image is in the drive.
    func holds(_ wanted: MediaImage) -> Bool {
        guard isOccupied else { return false }
        if let image { return wanted.isMeant(by: image) }
        return imageName == wanted.fileName
    }

    /// Whether the service does not say what is in the drive.
    var isMute: Bool { isOccupied && image == nil && imageName == nil }

    /// Whether the drive takes a medium; nil if the service does not say.
    func takes(_ type: MediaType) -> Bool? {
        guard !mediaTypes.isEmpty else { return nil }
        let names = type == .cd ? ["cd", "dvd"] : [type.rawValue.lowercased()]
        return mediaTypes.contains { names.contains($0.lowercased()) }
    }

    /// What is in the drive, for a person: without what may be a secret in its URL.
    var content: String {
        let text = image ?? imageName
        return text.map { Self.withoutSecrets($0).readable(limit: 200) }
            ?? "something that the BMC does not name"
    }

    /// `CD1 (CD, DVD)`.
    var title: String {
        let types = mediaTypes.joined(separator: ", ").readable(limit: 60)
        return types.isEmpty ? id : "\(id) (\(types))"
    }

    // The user name and password before the host, and the query.
    private static func withoutSecrets(_ url: String) -> String {
        let plain = url.prefix { $0 != "?" }
        guard let scheme = plain.firstRange(of: "://") else {
            return plain.contains("@") ? "an image" : String(plain)
        }
        let rest = plain[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let mark = authority.lastIndex(of: "@") else { return String(plain) }
        return plain[..<scheme.upperBound] + "•••" + rest[mark...]
    }
}

extension MediaImage {
    /// Whether a service's text stands for this image. The scheme may be left out
    /// (`dmtf-public-rackmount1`), and so may the query, which services keep as a secret.
    fileprivate func isMeant(by text: String) -> Bool {
        if text == url || text == otherForm { return true }
        var rest = text[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        let place = rest.prefix { $0 != "?" && $0 != "#" }
        let shownHost = place.prefix { $0 != "/" }
        let shownPath = place[shownHost.endIndex...]
        let shownQuery = rest[place.endIndex...].dropFirst().prefix { $0 != "#" }
        return shownHost.lowercased() == host && shownPath == path
            && (shownQuery.isEmpty || shownQuery == query ?? "")
    }
}
