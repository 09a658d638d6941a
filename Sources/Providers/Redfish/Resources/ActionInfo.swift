internal import Core

/// What an action's parameters may be (DSP2046 `ActionInfo`).
struct ActionInfo {
    private let parameters: [(name: String, allowableValues: [String])]

    init(_ resource: RedfishResource) {
        parameters = (resource.json["Parameters"]?.array ?? []).compactMap { parameter in
            guard let name = parameter.text("Name"),
                let values = parameter.texts("AllowableValues"), !values.isEmpty
            else { return nil }
            return (name, values)
        }
    }

    /// The values that a parameter may have; nil if the service does not say.
    func allowableValues(of parameter: String) -> [String]? {
        parameters.first { $0.name == parameter }?.allowableValues
    }
}
