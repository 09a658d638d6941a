import Core
import Simulator

/// The state file that an earlier release left, of format 2: what its instances are at, a pet and a
/// machine of each kind among them.
enum FormerPool {
    private struct Entry {
        let phase: String
        var logicalID: String?
        var isFailed = false
        var isOn = true
    }

    private static let entries = [
        Entry(phase: #""Phase":"active""#),
        Entry(phase: #""Phase":"active""#, logicalID: "p1"),
        Entry(phase: #""Phase":"releasing""#, logicalID: "p2"),
        Entry(phase: #""Phase":"provisioning","Step":"Starting""#, isOn: false),
        Entry(
            phase:
                #""Phase":"active","Failure":{"Since":"2026-11-21T08:20:56Z","Reasons":["PSU 2"]}"#,
            logicalID: "p3", isFailed: true, isOn: false),
    ]

    /// Has the machines run that do, tells the ledger of the instances, and gives the file's text.
    static func text(on rack: SimulatedRack, _ ledger: Ledger) -> String {
        var arrays: [[String]] = [[], []]
        for (index, entry) in entries.enumerated() {
            let device = SimulatedRack.deviceName(index)
            let id = InstanceID.make(sequence: UInt64(index + 1), device: device)
            let key = entry.logicalID.map { LogicalIDKey(logicalID: $0, group: "g1") }
            let token = ledger.ask(for: key)
            ledger.told(id, for: token, isStarting: entry.phase.contains("provisioning"))
            if entry.phase.contains("releasing") { ledger.leaves(id) }
            if entry.isOn { rack.bmcs[index].systems[0].power = .on }
            let logicalID = entry.logicalID.map { "\"\($0)\"" } ?? "null"
            arrays[entry.isFailed ? 1 : 0].append(
                #"{"ID":"\#(id)","LogicalID":\#(logicalID),"Tags":{"infrakit.group":"g1","token":"\#(token)"},"#
                    + #""Device":"\#(device)",\#(entry.phase),"Spec":{"Properties":{"Grace":"100ms"}},"#
                    + #""ClaimedAt":"2026-11-21T08:20:56Z","Order":\#(index + 1),"Version":3}"#)
        }
        return """
            {"Provider":{"Format":2,"Sequence":\(entries.count)},
            "Instances":[
            \(arrays[0].joined(separator: ",\n"))
            ],
            "NonFunctional":[
            \(arrays[1].joined(separator: ",\n"))
            ]}

            """
    }
}
