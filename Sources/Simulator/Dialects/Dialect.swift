/// One way in which BMCs in the racks differ from the standard, or from each other within it. A
/// rack may speak several at once.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case bareNextLink = "bare-next-link"
    case bootIgnored = "boot-ignored"
    case bootLate = "boot-late"
    case bootModeDropped = "boot-mode-dropped"
    case bootModeRefused = "boot-mode-refused"
    case busy
    case busyOnActs = "busy-on-acts"
    case capabilitiesMember = "capabilities-member"
    case doubleQuotedETag = "double-quoted-etag"
    case dpuBeside = "dpu-beside"
    case emptyExpand = "empty-expand"
    case eventsDrop = "events-drop"
    case failedOn = "failed-on"
    case failedOnActs = "failed-on-acts"
    case failingTask = "failing-task"
    case fewSessions = "few-sessions"
    case forgetful
    case gzipETag = "gzip-etag"
    case lateOn = "late-on"
    case linksV0 = "links-v0"
    case listedResetRefused = "listed-reset-refused"
    case mediaAsUSBCD = "media-as-usb-cd"
    case mediaByPatch = "media-by-patch"
    case mediaImageOnly = "media-image-only"
    case mediaKeepsImage = "media-keeps-image"
    case mediaMuteRefusal = "media-mute-refusal"
    case mediaNeedsMethod = "media-needs-method"
    case mediaNeedsProtocol = "media-needs-protocol"
    case mediaNeedsUser = "media-needs-user"
    case mediaNFSPath = "media-nfs-path"
    case mediaSlow = "media-slow"
    case missingEntries = "missing-entries"
    case missingStatus = "missing-status"
    case namesBoardOnly = "names-board-only"
    case noETag = "no-etag"
    case noEvents = "no-events"
    case noSessions = "no-sessions"
    case noToken = "no-token"
    case notModifiedReset = "not-modified-reset"
    case nullPower = "null-power"
    case oddThresholds = "odd-thresholds"
    case powerButton = "power-button"
    case rateLimit = "rate-limit"
    case refusesIfMatch = "refuses-if-match"
    case rootWithoutSlash = "root-without-slash"
    case sessionOnly = "session-only"
    case settingsObject = "settings-object"
    case slashRedirect = "slash-redirect"
    case slow
    case staleETag = "stale-etag"
    case stalePower = "stale-power"
    case stateReset = "state-reset"
    case strictETag = "strict-etag"
    case strictReset = "strict-reset"
    case stringNumbers = "string-numbers"
    case swallowedOn = "swallowed-on"
    case taskBody = "task-body"
    case tasks
    case tokenInBody = "token-in-body"
    case trailingSlashes = "trailing-slashes"
    case unsetClock = "unset-clock"
    case vanishingTask = "vanishing-task"

    /// What the BMC does, in one line for a person.
    public var summary: String {
        switch self {
        case .bareNextLink:
            "brings a member a page, with the next one in @odata.nextLink"
        case .bootIgnored:
            "answers a change of the boot override with 200 and does nothing"
        case .bootLate:
            "shows a change of the boot override only at the third look"
        case .bootModeDropped:
            "falls back to Legacy if a change of the boot override leaves the mode out (Supermicro)"
        case .bootModeRefused:
            "refuses the boot mode together with the rest (HPE)"
        case .busy:
            "answers its first four requests with 503 and Retry-After, in seconds or as a date"
        case .busyOnActs:
            "answers On with 503, and carries it out a second later"
        case .capabilitiesMember:
            "lists capabilities, nulls and repetitions among its systems (AMI)"
        case .doubleQuotedETag:
            "quotes its ETags twice, and does not know them so"
        case .dpuBeside:
            "lists a DPU and a GPU baseboard beside the server (NVIDIA)"
        case .emptyExpand:
            "offers $expand, and refuses it with 501"
        case .failedOn:
            "answers On with 500 and does nothing"
        case .failedOnActs:
            "answers On with 500, and carries it out a second later"
        case .failingTask:
            "answers changes and resets with a task that fails"
        case .eventsDrop:
            "drops its stream of events after each event"
        case .fewSessions:
            "holds two sessions; then logins and Basic are refused with 503, RAC0218 (iDRAC)"
        case .forgetful:
            "drops a session after its fifth request"
        case .gzipETag:
            "puts -gzip behind its ETags, and does not know them so (Apache)"
        case .lateOn:
            "carries out On six seconds after its answer, and shows Off until then"
        case .linksV0:
            "links as Redfish's first drafts did: links, href"
        case .listedResetRefused:
            "lists On and GracefulShutdown, and refuses them"
        case .mediaAsUSBCD: "boots virtual CDs as UsbCd, and nothing as Cd (Supermicro X11)"
        case .mediaByPatch:
            "has no actions on virtual media: PATCH of Image and Inserted (Lenovo SD530)"
        case .mediaImageOnly: "takes no parameter of InsertMedia but Image (Supermicro X11)"
        case .mediaKeepsImage: "leaves the Image of ejected virtual media behind (Supermicro)"
        case .mediaMuteRefusal:
            "refuses InsertMedia without TransferProtocolType, and does not say why"
        case .mediaNeedsMethod: "refuses InsertMedia without TransferMethod"
        case .mediaNeedsProtocol: "refuses InsertMedia without TransferProtocolType (Nokia)"
        case .mediaNeedsUser: "refuses InsertMedia without UserName and Password (NVIDIA DGX)"
        case .mediaNFSPath: "takes an image on NFS as host:/path, not as a URL (Lenovo XCC)"
        case .mediaSlow: "shows a change of virtual media at the third look only"
        case .missingEntries:
            "counts all entries of its logs and brings the first"
        case .missingStatus:
            "shows neither Status nor MemorySummary of a system"
        case .namesBoardOnly:
            "links a system that says no name to the BMC's board alone; its chassis names it (NVIDIA)"
        case .noETag:
            "sends no ETag and looks at none"
        case .noEvents:
            "names a stream of events and answers 404 there (OpenBMC built without)"
        case .noSessions:
            "has no SessionService: takes Basic credentials only"
        case .noToken:
            "opens a session at a login, but sends no token"
        case .notModifiedReset:
            "answers a reset to the present state with 304"
        case .nullPower:
            "shows no power state at the first looks after a reset"
        case .oddThresholds:
            "gives its sensors limits of 0, and lower ones above the upper ones"
        case .powerButton:
            "offers PushPowerButton and ForceOff alone"
        case .rateLimit:
            "answers every third request with 429, without Retry-After"
        case .refusesIfMatch:
            "refuses whatever has an If-Match, with 412"
        case .rootWithoutSlash:
            "knows /redfish/v1 and not /redfish/v1/"
        case .sessionOnly:
            "refuses Basic credentials with 401"
        case .settingsObject:
            "takes and shows the boot override in @Redfish.Settings alone (iDRAC 10)"
        case .slashRedirect:
            "redirects paths without a slash at the end (308)"
        case .slow:
            "takes a second for every answer"
        case .staleETag:
            "refuses the first change with an If-Match: the resource has just changed"
        case .stalePower:
            "shows the former power state at the first looks after a reset"
        case .stateReset:
            "refuses a reset to the present state with InvalidOperationForSystemState (iLO)"
        case .strictETag:
            "refuses a change without If-Match, with 428"
        case .strictReset:
            "refuses a reset to the present state, with 409"
        case .stringNumbers:
            "writes numbers as text, with units"
        case .swallowedOn:
            "takes the first On and does nothing (Lenovo, PowerEdge R650)"
        case .taskBody:
            "answers changes and resets with 202 and a task as the body"
        case .tasks:
            "answers changes and resets with 202 and the Location of a task monitor"
        case .tokenInBody:
            "sends a session's token in the body, and a Location that names another host"
        case .trailingSlashes:
            "ends its links in a slash, and knows its resources so only"
        case .unsetClock:
            "takes it to be 1970, and dates its log so"
        case .vanishingTask:
            "answers changes and resets with 202 and a Location that is gone"
        }
    }
}
