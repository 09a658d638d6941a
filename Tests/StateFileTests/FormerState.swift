import Foundation

@testable import Core
@testable import StateFile

/// What a release wrote that knew format 2 and none later.
enum FormerState {
    static let identifier: UInt64 = 0xAB

    /// A JSON file with so many active instances, a failed one, one that is being released, and marks.
    static func document(count: Int, change: UInt64 = 40, segment: UInt64 = 3) -> [UInt8] {
        var lines = (0..<max(0, count - 1)).map { number in
            entry(number, #""Phase":"active""#, order: Int64(number) + 1)
        }
        lines.append(
            entry(
                count, #""Phase":"provisioning","Step":"Starting""#, order: Int64(count) + 1))
        let failed = entry(
            count + 1, #""Phase":"active""#, order: 2,
            failure: #","Failure":{"Since":"2026-11-21T08:20:56Z","Reasons":["PSU 2"]}"#)
        let marks = [
            #""f1":{"LastLogicalID":"db1","ReleaseOrder":900,"Version":4}"#,
            #""f2":{"LastLogicalID":"db1","ReleaseOrder":7,"Version":6}"#,
            #""f3":{"Cordon":{"Since":"2026-11-21T08:20:57Z","Reason":"dust"},"Version":1}"#,
        ]
        return Array(
            """
            {"Provider":{"Format":2,"Sequence":\(count),"Journal":{"ID":"00000000000000ab","Change":\(change),"Segment":\(segment)},"Theirs":"y","Devices":{
            \(marks.joined(separator: ",\n"))}},
            "Instances":[
            \(lines.joined(separator: ",\n"))
            ],
            "NonFunctional":[
            \(failed)
            ]}

            """.utf8)
    }

    private static func entry(
        _ number: Int, _ phase: String, order: Int64, failure: String = ""
    ) -> String {
        let id = InstanceID.make(sequence: UInt64(number), device: "d\(number)")
        let head =
            ##"{"ID":"\##(id)","LogicalID":"p\##(number)","Tags":{"infrakit.config.hash":"x","infrakit.group":"g"}"##
        let spec =
            ##""Spec":{"Properties":{"Note":"web tier, see the runbook"},"Init":"#!/bin/sh\ndocker swarm join","Attachments":[]}"##
        let end =
            ##""ClaimedAt":"2026-11-21T08:20:56Z"\##(failure),"Order":\##(order),"Version":3}"##
        return [head, ##""Device":"d\##(number)""##, phase, spec, end].joined(separator: ",")
    }

    /// A segment that goes on behind the JSON file, with changes of format 2.
    static func segment(_ payloads: [String], from first: UInt64 = 41, number: UInt64 = 3)
        -> [UInt8]
    {
        let header = JournalHeader(identifier: identifier, segment: number, firstChange: first)
        var bytes = header.encoded
        for (index, payload) in payloads.enumerated() {
            JournalLine(
                number: first + UInt64(index), durable: first + UInt64(index) - 1, sequence: 70,
                payload: Array(payload.utf8)[...]
            ).encode(into: &bytes, seed: header.seed)
        }
        return bytes + [UInt8](repeating: 0, count: 4000)
    }
}
