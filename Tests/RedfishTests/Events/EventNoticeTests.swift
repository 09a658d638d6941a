import Testing

@testable import Redfish

@Suite struct EventNoticeTests {
    private func notice(_ record: String) -> EventNotice {
        EventNotice(
            Array(
                ##"{"@odata.type": "#Event.v1_7_0.Event", "Id": "1", "Events": [\##(record)]}"##
                    .utf8))
    }

    @Test(
        "a look is worth while after",
        arguments: [
            #"{"Severity": "Critical"}"#,
            #"{"MessageSeverity": "Warning", "MessageId": "PSU0003"}"#,
            #"{"Severity": "critical", "MessageSeverity": "OK"}"#,
            #"{"Severity": "OK", "MessageId": "ResourceEvent.1.3.ResourceStatusChangedOK"}"#,
            #"{"Severity": "OK", "MessageId": "ResourceEvent.1.3.0.ResourceStateChanged"}"#,
            #"{"Severity": "OK", "MessageId": "ResourceEvent.1.3.ResourcePoweredOff"}"#,
            #"{"Severity": "OK", "MessageId": "CrayAlerts.ResourcePowerStateChanged"}"#,
            #"{"Severity": "OK", "MessageId": "OpenBMC.0.1.DCPowerOff"}"#,
            #"{"EventType": "StatusChange", "MessageId": "x"}"#,
            #"{"Severity": "OK"}, {"Severity": "Critical"}"#,
            #"{"MessageId": "NvidiaUpdate.1.0.ComponentFault"}"#,
            #"{"Message": "Power supply 2 failed", "EventTimestamp": "2026-01-01T00:00:00Z"}"#,
            #"{"Severity": 3, "MessageId": ["Power"]}"#, #"{}"#, #""Critical""#,
            #"{"EventType": null, "Severity": null, "MessageId": null, "MemberId": null}"#,
        ])
    func alerts(_ record: String) {
        guard case .alert = notice(record) else {
            Issue.record("\(record) is no alert")
            return
        }
    }

    @Test(
        "no look is worth while after",
        arguments: [
            #"{"Severity": "OK", "MessageId": "TaskEvent.1.0.TaskStarted"}"#,
            #"{"Severity": "OK", "MessageId": "ResourceEvent.1.3.LoginAttempt"}"#,
            #"{"MessageId": "TaskEvent.1.0.TaskProgressChanged"}"#,
            #"{"MessageId": "HttpStatus.1.0.SessionCreated"}"#,
            #"null"#,
        ])
    func routine(_ record: String) {
        #expect(notice(record) == .routine)
    }

    @Test(
        "a record counts without the array, or without the event, around it",
        arguments: [
            #"{"Events": {"Message": "fan failed", "MessageId": "x.1.0.FanFailed"}}"#,
            #"{"Events": {}}"#, #"[{"Message": "fan failed"}]"#,
            #"{"MessageId": "OpenBMC.0.1.PowerSupplyFailed", "Message": "psu"}"#,
        ])
    func bare(_ text: String) {
        guard case .alert = EventNotice(Array(text.utf8)) else {
            Issue.record("\(text) is no alert")
            return
        }
    }

    @Test("an event of no records is no reason", arguments: [#"{"Events": []}"#, "{}"])
    func empty(_ text: String) {
        #expect(EventNotice(Array(text.utf8)) == .routine)
    }

    @Test("a metric report is no reason for a look")
    func metricReport() {
        let report = ##"{"@odata.type": "#MetricReport.v1_4_0.MetricReport", "MetricValues": []}"##
        #expect(EventNotice(Array(report.utf8)) == .routine)
    }

    @Test(
        "what is no JSON object is malformed",
        arguments: ["", "hello", "[1]", "[]", "{\"Events\": [}"])
    func malformed(_ text: String) {
        #expect(EventNotice(Array(text.utf8)) == .malformed)
    }

    @Test("the reason is the BMC's own words, in one line")
    func reason() {
        #expect(
            notice(#"{"Severity": "Critical", "MessageId": "A.1.B", "Message": "fan\n3 lost"}"#)
                == .alert("Critical: A.1.B: fan 3 lost"))
    }
}
