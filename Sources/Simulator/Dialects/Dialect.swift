/// One way in which BMCs in the racks differ from the standard, or from each other within it. A
/// rack may speak several at once.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case bareNextLink = "bare-next-link"
    case bareRoot = "bare-root"
    case basicOnly = "basic-only"
    case bootAlias = "boot-alias"
    case bootIgnored = "boot-ignored"
    case bootInFutureState = "boot-in-future-state"
    case bootLate = "boot-late"
    case bootModeDropped = "boot-mode-dropped"
    case bootModeJob = "boot-mode-job"
    case bootModeRefused = "boot-mode-refused"
    case bootOnceOnly = "boot-once-only"
    case bootRefusedDone = "boot-refused-done"
    case busy
    case busyOnActs = "busy-on-acts"
    case capabilitiesMember = "capabilities-member"
    case closesSecond = "closes-second"
    case conflictAfterOff = "conflict-after-off"
    case doubleQuotedETag = "double-quoted-etag"
    case dpuBeside = "dpu-beside"
    case emptyExpand = "empty-expand"
    case eventsDrop = "events-drop"
    case failedOn = "failed-on"
    case failedOnActs = "failed-on-acts"
    case failingTask = "failing-task"
    case fewSessions = "few-sessions"
    case flakyLogin = "flaky-login"
    case forbiddenTokens = "forbidden-tokens"
    case forgetful
    case garblesSecond = "garbles-second"
    case gzipETag = "gzip-etag"
    case innerRedirect = "inner-redirect"
    case inStandby = "in-standby"
    case lateOn = "late-on"
    case licensed = "licensed"
    case linksV0 = "links-v0"
    case listedResetRefused = "listed-reset-refused"
    case losesSystems = "loses-systems"
    case mediaAsUSBCD = "media-as-usb-cd"
    case mediaByPatch = "media-by-patch"
    case mediaDeafSlot = "media-deaf-slot"
    case mediaImageOnly = "media-image-only"
    case mediaKeepsImage = "media-keeps-image"
    case mediaLingers = "media-lingers"
    case mediaMuteRefusal = "media-mute-refusal"
    case mediaNeedsMethod = "media-needs-method"
    case mediaNeedsProtocol = "media-needs-protocol"
    case mediaNeedsUser = "media-needs-user"
    case mediaNFSPath = "media-nfs-path"
    case mediaSlow = "media-slow"
    case mediaStumbles = "media-stumbles"
    case missingEntries = "missing-entries"
    case missingStatus = "missing-status"
    case muteSecond = "mute-second"
    case namesBoardOnly = "names-board-only"
    case noChangeInPOST = "no-change-in-post"
    case noETag = "no-etag"
    case noEvents = "no-events"
    case noSessions = "no-sessions"
    case notModifiedReset = "not-modified-reset"
    case noToken = "no-token"
    case notReady = "not-ready"
    case nullPower = "null-power"
    case oddThresholds = "odd-thresholds"
    case passwordChange = "password-change"
    case placeholders = "placeholders"
    case powerButton = "power-button"
    case rateLimit = "rate-limit"
    case refusesIfMatch = "refuses-if-match"
    case refusesSecond = "refuses-second"
    case rootWithoutSlash = "root-without-slash"
    case sessionOnly = "session-only"
    case settingsObject = "settings-object"
    case slashRedirect = "slash-redirect"
    case sloppyJSON = "sloppy-json"
    case slow
    case staleETag = "stale-etag"
    case stalePower = "stale-power"
    case stateReset = "state-reset"
    case strictETag = "strict-etag"
    case strictReset = "strict-reset"
    case stringNumbers = "string-numbers"
    case stumbles = "stumbles"
    case swallowedOn = "swallowed-on"
    case taskBody = "task-body"
    case tasks
    case thinExpand = "thin-expand"
    case tokenInBody = "token-in-body"
    case tokensForReading = "tokens-for-reading"
    case trailingSlashes = "trailing-slashes"
    case unsetClock = "unset-clock"
    case uselessTokens = "useless-tokens"
    case vanishingTask = "vanishing-task"
    case waitsInArguments = "waits-in-arguments"

    /// What the BMC does, in one line for a person.
    public var summary: String {
        switch self {
        case .bareNextLink:
            "brings a member a page, with the next one in @odata.nextLink"
        case .bareRoot:
            "links to nothing from its service root"
        case .basicOnly:
            "has a SessionService and answers every login with 401"
        case .bootAlias:
            "shows UefiBootNext for whatever boot override is set (Supermicro)"
        case .bootIgnored:
            "answers a change of the boot override with 200 and does nothing"
        case .bootInFutureState:
            "takes the boot override in the system's SD alone, with that one's ETag (AMI)"
        case .bootLate:
            "shows a change of the boot override only at the third look"
        case .bootModeDropped:
            "falls back to Legacy if a change of the boot override leaves the mode out (Supermicro)"
        case .bootModeJob:
            "makes a BIOS job of a boot mode that is written, whose boot uses up Once (iDRAC 9)"
        case .bootModeRefused:
            "refuses the boot mode together with the rest (HPE)"
        case .bootOnceOnly:
            "offers no boot override that lasts"
        case .bootRefusedDone:
            "carries out a change of the boot override and answers it with 400"
        case .busy:
            "answers its first four requests with 503 and Retry-After, in seconds or as a date"
        case .busyOnActs:
            "answers On with 503, and carries it out a second later"
        case .capabilitiesMember:
            "lists capabilities, nulls and repetitions among its systems (AMI)"
        case .closesSecond:
            "closes a connection at its second request"
        case .conflictAfterOff:
            "refuses On with 409 five times after a power-off (iDRAC 10)"
        case .doubleQuotedETag:
            "quotes its ETags twice, and does not know them so"
        case .dpuBeside:
            "lists a DPU and a GPU baseboard beside the server (NVIDIA)"
        case .emptyExpand:
            "offers $expand, and refuses it with 501"
        case .eventsDrop:
            "drops its stream of events after each event"
        case .failedOn:
            "answers On with 500 and does nothing"
        case .failedOnActs:
            "answers On with 500, and carries it out a second later"
        case .failingTask:
            "answers changes and resets with a task that fails"
        case .fewSessions:
            "holds two sessions; then logins and Basic are refused with 503, RAC0218 (iDRAC)"
        case .flakyLogin:
            "answers the second login, and each third after it, with 401 (HPE, GB200)"
        case .forbiddenTokens:
            "opens sessions whose tokens it answers with 403, NoValidSession"
        case .garblesSecond:
            "answers the second request of a connection with garbage"
        case .forgetful:
            "drops a session after its fifth request"
        case .gzipETag:
            "puts -gzip behind its ETags, and does not know them so (Apache)"
        case .innerRedirect:
            "redirects to its own inner address (308)"
        case .inStandby:
            "says of every third read that it can't be done now, in the standard's and iLO's words"
        case .lateOn:
            "carries out On six seconds after its answer, and shows Off until then"
        case .licensed:
            "answers virtual media with 403, OemLicenseNotPassed (Supermicro)"
        case .linksV0:
            "links as Redfish's first drafts did: links, href"
        case .listedResetRefused:
            "lists On and GracefulShutdown, and refuses them"
        case .losesSystems:
            "shows no systems at the first looks after a reset"
        case .mediaAsUSBCD: "boots virtual CDs as UsbCd, and nothing as Cd (Supermicro X11)"
        case .mediaByPatch:
            "has no actions on virtual media: PATCH of Image and Inserted (Lenovo SD530)"
        case .mediaDeafSlot:
            "lists a slot first that refuses every image with 405 (Cisco, OpenBMC)"
        case .mediaImageOnly: "takes no parameter of InsertMedia but Image (Supermicro X11)"
        case .mediaKeepsImage: "leaves the Image of ejected virtual media behind (Supermicro)"
        case .mediaLingers:
            "shows a drive as full, of nothing, for two looks after an eject"
        case .mediaMuteRefusal:
            "refuses InsertMedia without TransferProtocolType, and does not say why"
        case .mediaNeedsMethod: "refuses InsertMedia without TransferMethod"
        case .mediaNeedsProtocol: "refuses InsertMedia without TransferProtocolType (Nokia)"
        case .mediaNeedsUser: "refuses InsertMedia without UserName and Password (NVIDIA DGX)"
        case .mediaNFSPath: "takes an image on NFS as host:/path, not as a URL (Lenovo XCC)"
        case .mediaSlow: "shows a change of virtual media at the third look only"
        case .mediaStumbles:
            "answers two looks at a drive after an eject with 500"
        case .missingEntries:
            "counts all entries of its logs and brings the first"
        case .missingStatus:
            "shows neither Status nor MemorySummary of a system"
        case .muteSecond:
            "never answers the second request of a connection"
        case .namesBoardOnly:
            "links a system that says no name to the BMC's board alone; its chassis names it (NVIDIA)"
        case .noChangeInPOST:
            "refuses four changes of the boot override while the system starts (iLO)"
        case .noETag:
            "sends no ETag and looks at none"
        case .noEvents:
            "names a stream of events and answers 404 there (OpenBMC built without)"
        case .noSessions:
            "has no SessionService: takes Basic credentials only"
        case .notModifiedReset:
            "answers a reset to the present state with 304"
        case .noToken:
            "opens a session at a login, but sends no token"
        case .notReady:
            "answers four reads with 400, IDRAC.2.1.SWC0700"
        case .nullPower:
            "shows no power state at the first looks after a reset"
        case .oddThresholds:
            "gives its sensors limits of 0, and lower ones above the upper ones"
        case .passwordChange:
            "answers all but its root with 403, PasswordChangeRequired"
        case .placeholders:
            "has a serial number and UUID that are none"
        case .powerButton:
            "offers PushPowerButton and ForceOff alone"
        case .rateLimit:
            "answers every third request with 429, without Retry-After"
        case .refusesIfMatch:
            "refuses whatever has an If-Match, with 412"
        case .refusesSecond:
            "answers the second request of a connection with a bare 400"
        case .rootWithoutSlash:
            "knows /redfish/v1 and not /redfish/v1/"
        case .sessionOnly:
            "refuses Basic credentials with 401"
        case .settingsObject:
            "takes and shows the boot override in @Redfish.Settings alone (iDRAC 10)"
        case .slashRedirect:
            "redirects paths without a slash at the end (308)"
        case .sloppyJSON:
            "writes what is not quite JSON"
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
        case .stumbles:
            "answers every third look with 500, nothing, or a page of HTML"
        case .swallowedOn:
            "takes the first On and does nothing (Lenovo, PowerEdge R650)"
        case .taskBody:
            "answers changes and resets with 202 and a task as the body"
        case .tasks:
            "answers changes and resets with 202 and the Location of a task monitor"
        case .thinExpand:
            "offers $expand, and leaves Status out of what it expands (AMI, Lenovo)"
        case .tokensForReading:
            "honours a session's token for reading alone"
        case .tokenInBody:
            "sends a session's token in the body, and a Location that names another host"
        case .trailingSlashes:
            "ends its links in a slash, and knows its resources so only"
        case .unsetClock:
            "takes it to be 1970, and dates its log so"
        case .uselessTokens:
            "opens sessions whose tokens it does not know"
        case .vanishingTask:
            "answers changes and resets with 202 and a Location that is gone"
        case .waitsInArguments:
            "answers two requests with 503, SYS518, the time in MessageArgs alone (iDRAC)"
        }
    }
}
