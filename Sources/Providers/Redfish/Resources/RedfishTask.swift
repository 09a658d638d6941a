internal import Core

/// An operation that goes on after the answer to its request (DSP2046 `Task`).
struct RedfishTask {
    enum Progress: Hashable {
        case running
        /// Waits for something that is not going to happen by itself, such as the next reset.
        case pending
        case completed
        case failed
    }

    let progress: Progress
    /// `TaskState` as the service wrote it.
    let state: String
    /// Where to look next: `TaskMonitor`, else the task itself.
    let link: String?
    /// What the service says of it.
    let messages: [RedfishErrorBody.Message]

    /// Nil for what is no task.
    init?(_ json: JSON) {
        let type = json.text("@odata.type")?.drop { $0 == "#" }
        guard json["TaskState"] != nil || type?.hasPrefix("Task.") == true else { return nil }
        state = json.text("TaskState") ?? "Running"
        progress = Self.progress(state)
        link = json.link("TaskMonitor") ?? json.link("@odata.id")
        messages = (json["Messages"]?.array ?? []).compactMap(RedfishErrorBody.message)
    }

    private static func progress(_ state: String) -> Progress {
        switch state.lowercased() {
        case "completed": .completed
        case "exception", "killed", "cancelled", "canceled": .failed
        case "pending", "suspended", "interrupted", "service": .pending
        default: .running
        }
    }
}
