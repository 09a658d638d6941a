/// Why a link was not followed.
public enum CrawlSkip: String, Sendable, Hashable, CaseIterable {
    case action = "is an action, which is never called"
    case schema = "is a schema or a registry; --all takes them"
    case logEntry = "is one of many log entries; --log-entries or --all takes more"
    case session = "is a client's session"
    case restart = "restarts an iDRAC that is asked for it"
    case elsewhere = "is not below /redfish/v1 of this host"
    case strange = "is no plain path"
    case tooDeep = "lies deeper than --max-depth"
    case tooMany = "came after --max-resources"
    case tooLarge = "came after --max-bytes"
}
