extension PropertiesReader {
    /// `Media`: an object, or the image's URL alone. No mistake repeats a URL, for it may hold a
    /// password.
    mutating func media(_ json: JSON, at path: String) -> MediaImage? {
        if let url = json.string { return image(url, at: path) }
        let known = ["Image", "Type", "TransferProtocol", "WriteProtected"]
        guard let members = json.object else {
            mistake(path, json, "an image's URL or an object")
            return nil
        }
        let secrets = members.keys.filter(Self.isSecret)
        for key in secrets {
            mistakes.append(
                "\(path).\(key): a secret has no place in a spec, which is kept in the state file and"
                    + " shown by a describe: serve the image to the BMCs without")
        }
        let rest = JSONObject(
            members.filter { !secrets.contains($0.key) }.map { ($0.key, $0.value) })
        _ = object(.object(rest), at: path, known: known)

        func given(_ key: String) -> JSON? { members[key]?.isNull == true ? .none : members[key] }
        let type = given("Type").flatMap { choice($0, at: "\(path).Type", of: MediaType.self) }
        let transfer = given("TransferProtocol").flatMap {
            choice($0, at: "\(path).TransferProtocol", of: TransferProtocol.self)
        }
        let isWriteProtected = given("WriteProtected").flatMap {
            bool($0, at: "\(path).WriteProtected")
        }
        guard let value = given("Image") else {
            mistakes.append("\(path).Image: is missing: give the image's URL")
            return nil
        }
        guard let url = text(value, at: "\(path).Image") else { return nil }
        return image(
            url, at: "\(path).Image", type: type, transfer: transfer,
            transferPath: "\(path).TransferProtocol", isWriteProtected: isWriteProtected ?? true)
    }

    private mutating func image(
        _ url: String, at path: String, type: MediaType? = nil, transfer: TransferProtocol? = nil,
        transferPath: String = "", isWriteProtected: Bool = true
    ) -> MediaImage? {
        do throws(MediaImage.Problem) {
            return try MediaImage(
                url: url, type: type, statedProtocol: transfer, isWriteProtected: isWriteProtected)
        } catch {
            switch error {
            case .otherProtocol: mistakes.append("\(transferPath): \(error)")
            default: mistakes.append("\(path): \(error)")
            }
            return nil
        }
    }

    private static func isSecret(_ key: String) -> Bool {
        ["username", "user", "password", "token"].contains(key.lowercased())
    }
}
