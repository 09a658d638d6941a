internal import Core

/// The system's processors together (DSP2046 `ComputerSystem.ProcessorSummary`).
struct ProcessorSummary {
    /// How many processors there are.
    let count: Int?
    /// The cores of all of them; newer services only.
    let coreCount: Int?
    let model: String?
    let status: Status

    init(_ json: JSON) {
        count = json.positiveInteger("Count")
        coreCount = json.positiveInteger("CoreCount")
        model = json.text("Model")
        status = Status(json["Status"])
    }
}
