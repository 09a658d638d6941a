internal import Core

/// Changes and resets that are answered before they are done (DSP0266, asynchronous operations).
enum TaskDialect: DialectBehaviour {
    /// 202 with the `Location` of a task monitor.
    case monitor
    /// 202 with a task as the body, and no `Location`.
    case body
    /// As ``monitor``, and the task fails.
    case failing
    /// As ``monitor``, and the monitor is gone at the first look.
    case vanishing

    private static let monitors = "/redfish/v1/TaskService/TaskMonitors/"
    private static let tasks = "/redfish/v1/TaskService/Tasks/"
    private static let looks = 2

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        let path = ResourcePath.canonical(request.path)
        for folder in [Self.monitors, Self.tasks] where path.hasPrefix(folder) {
            guard request.isRead, let number = Int(path.dropFirst(folder.count)),
                let left = state.memory.tasks[number]
            else { throw .missing(request.path) }
            state.memory.tasks[number] = max(0, left - 1)
            return look(number, left: left, isMonitor: folder == Self.monitors)
        }
        guard self == .failing, isCommand(request, state) else { return nil }
        return begin(&state)
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        if request.isRead, state.system(at: request) != nil,
            state.memory.tasks.max(by: { $0.key < $1.key }).map({ $0.value > 0 }) == true
        {
            // Nobody who does not follow the last task sees what it did.
            answer.edit(SettingsDialect.hideOverride)
        }
        guard self != .failing, answer.isSuccess, isCommand(request, state) else { return }
        answer = begin(&state)
    }

    private func isCommand(_ request: SimulatedRequest, _ state: BMCState) -> Bool {
        request.method == "PATCH" || state.system(resetBy: request) != nil
    }

    private func begin(_ state: inout BMCState) -> SimulatedAnswer {
        let number = state.memory.tasks.count + 1
        if self == .vanishing {
            return SimulatedAnswer(
                status: 202, headers: [("Location", Self.monitors + "gone")])
        }
        state.memory.tasks[number] = Self.looks
        if self == .body {
            return SimulatedAnswer(status: 202, json: task(number, "New"))
        }
        return SimulatedAnswer(
            status: 202, headers: [("Location", Self.monitors + "\(number)"), ("Retry-After", "1")])
    }

    private func look(_ number: Int, left: Int, isMonitor: Bool) -> SimulatedAnswer {
        guard left == 0 else {
            return SimulatedAnswer(
                status: isMonitor ? 202 : 200, json: task(number, "Running"))
        }
        if self == .failing {
            return SimulatedAnswer(status: 200, json: task(number, "Exception"))
        }
        return isMonitor
            ? SimulatedAnswer(status: 204)
            : SimulatedAnswer(status: 200, json: task(number, "Completed"))
    }

    private func task(_ number: Int, _ state: String) -> JSON {
        var task: JSONObject = [
            "@odata.id": .string(Self.tasks + "\(number)"),
            "@odata.type": "#Task.v1_7_1.Task", "Id": .string("\(number)"), "Name": "Task",
            "TaskState": .string(state),
        ]
        if state == "Exception" {
            task["Messages"] = [
                [
                    "MessageId": "Base.1.18.InternalError",
                    "Message": "The request failed due to an internal service error.",
                ]
            ]
        }
        return .object(task)
    }
}
