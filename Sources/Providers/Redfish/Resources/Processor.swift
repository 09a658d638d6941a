internal import Core

/// One processor, or accelerator, or an empty socket (DSP2046 `Processor`).
struct Processor {
    /// `CPU`, `GPU`, `FPGA`, …
    let processorType: String?
    let model: String?
    let totalCores: Int?
    let status: Status

    init(_ resource: RedfishResource) {
        processorType = resource.json.text("ProcessorType")
        model = resource.json.text("Model")
        totalCores = resource.json.positiveInteger("TotalCores")
        status = Status(resource.json["Status"])
    }

    /// A CPU that is there. Old services don't name the type and list CPUs only.
    var isPresentCPU: Bool { !status.isAbsent && (processorType ?? "CPU").uppercased() == "CPU" }
}
