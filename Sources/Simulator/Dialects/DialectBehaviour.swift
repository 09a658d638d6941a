internal import Core

/// What a ``Dialect`` makes of requests and of the service's answers. It knows no clock: what has
/// to pass is counted in requests, so that a test sees the same in every run.
protocol DialectBehaviour: Sendable {
    /// Answers a request in the service's place; nil leaves it to the service.
    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer?

    /// Changes an answer of the service.
    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState)
}

extension DialectBehaviour {
    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? { nil }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {}
}

/// What behaviours remember of one BMC.
struct DialectMemory: Sendable {
    /// Tasks by number, with the looks that they still take.
    var tasks: [Int: Int] = [:]
    /// Power states that are shown though they have passed, by system, with the looks left.
    var formerPower: [Int: (shown: PowerState, looks: Int)] = [:]
    /// What a reset that is being answered leaves behind if it is taken, by system.
    var passingPower: [Int: PowerState] = [:]
    /// Looks until a change of the boot override shows.
    var hiddenBoot = 0
    /// What the dialects count.
    var counts: [Dialect: Int] = [:]
    /// Whether a change was refused for its ETag.
    var hasRefusedETag = false
}

extension Dialect {
    /// What the dialect does, where it is more than a word in the service itself.
    var behaviour: (any DialectBehaviour)? {
        switch self {
        case .bareNextLink: HealthDialect.bareNextLink
        case .bareRoot: RootDialect.bare
        case .bootAlias: BootDialect.alias
        case .bootIgnored: BootDialect.ignored
        case .bootInFutureState: FutureStateDialect()
        case .bootLate: BootDialect.late
        case .bootModeDropped: BootDialect.modeDropped
        case .bootModeJob: BootDialect.modeJob
        case .bootModeRefused: BootDialect.modeRefused
        case .bootOnceOnly: BootDialect.onceOnly
        case .bootRefusedDone: BootDialect.refusedDone
        case .capabilitiesMember: MembersDialect.capabilities
        case .conflictAfterOff: BusyDialect.afterOff
        case .doubleQuotedETag: ETagDialect.doubleQuoted
        case .dpuBeside: MembersDialect.dpu
        case .emptyExpand: HealthDialect.emptyExpand
        case .failingTask: TaskDialect.failing
        case .gzipETag: ETagDialect.gzip
        case .inStandby: BusyDialect.standby
        case .licensed: AccountDialect.licensed
        case .linksV0: LinksDialect.drafts
        case .listedResetRefused: ResetDialect.listedRefused
        case .losesSystems: MuteDialect.losesSystems
        case .mediaDeafSlot: MediaDialect.deafSlot
        case .mediaLingers: MediaDialect.lingers
        case .mediaStumbles: MediaDialect.stumbles
        case .missingEntries: HealthDialect.missingEntries
        case .missingStatus: ValuesDialect.missingStatus
        case .namesBoardOnly: HealthDialect.namesBoardOnly
        case .noChangeInPOST: BusyDialect.starting
        case .notModifiedReset: ResetDialect.notModified
        case .notReady: BusyDialect.notReady
        case .nullPower: PowerDialect.null
        case .oddThresholds: HealthDialect.oddThresholds
        case .passwordChange: AccountDialect.passwordChange
        case .placeholders: ValuesDialect.placeholders
        case .powerButton: ResetDialect.buttonOnly
        case .refusesIfMatch: ETagDialect.refused
        case .rootWithoutSlash: LinksDialect.rootWithoutSlash
        case .settingsObject: SettingsDialect()
        case .sloppyJSON: SloppyDialect()
        case .staleETag: ETagDialect.stale
        case .stalePower: PowerDialect.stale
        case .stateReset: ResetDialect.invalidForState
        case .stringNumbers: ValuesDialect.stringNumbers
        case .stumbles: MuteDialect.stumbles
        case .taskBody: TaskDialect.body
        case .tasks: TaskDialect.monitor
        case .thinExpand: ExpandDialect()
        case .trailingSlashes: LinksDialect.trailingSlashes
        case .unsetClock: HealthDialect.unsetClock
        case .vanishingTask: TaskDialect.vanishing
        case .waitsInArguments: BusyDialect.inArguments
        default: nil
        }
    }
}

// MARK: - What behaviours look at

extension BMCState {
    /// Counts for a dialect, from 1.
    mutating func count(_ dialect: Dialect) -> Int {
        memory.counts[dialect, default: 0] += 1
        return memory.counts[dialect, default: 0]
    }

    /// Counts down for a dialect; false once there is nothing left.
    mutating func countDown(_ dialect: Dialect) -> Bool {
        guard let left = memory.counts[dialect], left > 0 else { return false }
        memory.counts[dialect] = left - 1
        return true
    }

    /// The system whose resource a request is about.
    func system(at request: SimulatedRequest) -> Int? {
        let path = ResourcePath.canonical(request.path)
        return fixture.systems.firstIndex { $0.path == path }
    }

    /// The system that a request resets.
    func system(resetBy request: SimulatedRequest) -> Int? {
        guard request.method == "POST" else { return nil }
        let path = ResourcePath.canonical(request.path).lowercased()
        return fixture.systems.firstIndex { $0.resetTarget?.lowercased() == path }
    }
}

extension SimulatedRequest {
    var isRead: Bool { method == "GET" }

    /// The `Boot` object of a change.
    var boot: JSONObject? {
        method == "PATCH" ? (try? object())?["Boot"]?.object : nil
    }

    /// `ResetType` of a reset.
    var resetType: String? { (try? object())?["ResetType"]?.string }
}

extension SimulatedAnswer {
    var isSuccess: Bool { (200..<300).contains(status) }

    /// Changes the body, if it is an object.
    mutating func edit(_ change: (inout JSONObject) -> Void) {
        guard isSuccess, var object = (try? JSON(parsing: body))?.object else { return }
        change(&object)
        self = SimulatedAnswer(status: status, headers: headers, json: .object(object))
    }

    mutating func editHeader(_ name: String, _ change: (String) -> String) {
        headers = headers.map { header in
            header.name == name ? (header.name, change(header.value)) : header
        }
    }
}
