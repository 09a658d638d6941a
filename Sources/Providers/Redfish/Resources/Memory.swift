internal import Core

/// One memory module, or an empty slot (DSP2046 `Memory`).
struct Memory {
    let capacityMiB: Double?
    let status: Status

    init(_ resource: RedfishResource) {
        capacityMiB = resource.json.positive("CapacityMiB")
        status = Status(resource.json["Status"])
    }
}
