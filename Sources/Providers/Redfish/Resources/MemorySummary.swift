internal import Core

/// The system's memory together (DSP2046 `ComputerSystem.MemorySummary`).
struct MemorySummary {
    let totalSystemMemoryGiB: Double?
    let status: Status

    init(_ json: JSON) {
        totalSystemMemoryGiB = json.positive("TotalSystemMemoryGiB")
        status = Status(json["Status"])
    }
}
