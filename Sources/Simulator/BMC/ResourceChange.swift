internal import Core

/// What was changed in one resource of one BMC, by a client or by a test.
struct ResourceChange: Sendable {
    /// What is merged over the recorded resource.
    private(set) var overlay = JSONObject()
    /// Counts the changes, for the ETag.
    private(set) var revision = 0

    mutating func merge(_ properties: JSONObject) {
        overlay = overlay.merged(with: properties)
        revision += 1
    }
}

extension JSONObject {
    /// This object with `other`'s members put over its own; objects are merged in turn.
    func merged(with other: JSONObject) -> JSONObject {
        var merged = self
        for (key, value) in other {
            if let below = merged[key]?.object, let above = value.object {
                merged[key] = .object(below.merged(with: above))
            } else {
                merged[key] = value
            }
        }
        return merged
    }
}
