internal import Core

/// The parameters with which an image is put in, and how they follow what a BMC says to them.
///
/// The standard asks for the image alone (DSP2046 `VirtualMedia`, action `InsertMedia`). Which of
/// the others a BMC demands, and which it refuses, only its answer tells: see
/// ``MediaParameters/quirks``.
struct MediaParameters {
    private(set) var values: JSONObject
    private let image: MediaImage
    /// What was added or taken away because of an answer; each changes once.
    private var settled: Set<String> = []
    private var isComplete = false

    /// - Parameter isPatch: whether the drive itself is changed, because it has no action.
    init(_ image: MediaImage, isPatch: Bool) {
        self.image = image
        values = ["Image": .string(image.url)]
        if isPatch {
            for name in Self.demandedByPatch { values[name] = value(of: name) }
        }
        if !image.isWriteProtected { values["WriteProtected"] = false }
        if let stated = image.statedProtocol {
            values["TransferProtocolType"] = .string(stated.rawValue)
        }
    }

    /// Takes up what a refusal says. False if there is nothing left to try.
    mutating func adapt(to failure: RedfishFailure) -> Bool {
        guard failure.mayBeAboutParameters else { return false }
        let named = Self.quirks.filter { failure.text.contains($0) && !settled.contains($0) }
        guard named.isEmpty else {
            return named.reduce(false) { change($1) || $0 }
        }
        // A refusal that names nothing may still be for want of something.
        guard failure.status != nil else { return false }
        if !isComplete {
            isComplete = true
            if Self.common.reduce(false, { add($1) || $0 }) { return true }
        }
        guard let otherForm = image.otherForm, settled.insert("Image").inserted else {
            return false
        }
        values["Image"] = .string(otherForm)
        return true
    }

    private mutating func change(_ name: String) -> Bool {
        guard values[name] != nil else { return add(name) }
        // What was asked for is not dropped in silence.
        if name == "WriteProtected", !image.isWriteProtected { return false }
        settled.insert(name)
        values[name] = nil
        return true
    }

    private mutating func add(_ name: String) -> Bool {
        guard values[name] == nil, settled.insert(name).inserted else { return false }
        values[name] = value(of: name)
        // One is nothing without the other.
        if name == "UserName" { _ = add("Password") }
        if name == "Password" { _ = add("UserName") }
        return true
    }

    private func value(of name: String) -> JSON {
        switch name {
        case "TransferProtocolType": .string(image.transferProtocol.rawValue)
        case "TransferMethod": "Stream"
        case "Inserted": true
        case "WriteProtected": .bool(image.isWriteProtected)
        // The image asks for no account, but the BMC for a name.
        default: "none"
        }
    }
}

extension RedfishFailure {
    /// 409 and 412 are about the drive's state, 405 about the method. Without a status a task was
    /// refused.
    fileprivate var mayBeAboutParameters: Bool {
        guard let status else { return kind == .refused }
        guard !isGone else { return false }
        return (400..<500).contains(status) && kind == .refused
            && ![405, 409, 412].contains(status)
            || status == 500
    }
}
