internal import Core
internal import IPMIWire

/// What is known of a machine's sensors, renewed by slices: IPMI has no summary of their states, and
/// a machine has hundreds.
struct SensorWatch: Sendable {
    /// After how many looks the records are looked at for changes.
    private static let looksPerStamp = 20
    /// How many of the sensors that are not well are read again in a look, at most.
    private static let illLimit = 24

    private(set) var table: SensorTable?
    private var stamp: SDRWalk.Stamp?
    private var walk: SDRWalk? = SDRWalk()
    private var looks = 0
    /// Where the next slice begins.
    private var next = 0
    /// Sensors that are not well, by their place in the table.
    private var ill: [Int: HealthReport.Finding] = [:]

    /// What is not well, in the order of the sensors' records.
    var findings: [HealthReport.Finding] {
        ill.sorted { $0.key < $1.key }.map(\.value)
    }

    /// After how many looks records are read again of which not all came.
    private static let looksUntilAgain = 5
    /// How often the same part of the records has to come to be taken for all that there is.
    private static let patience = 3

    /// How often in a row the records came to the table that is known, and not all were there.
    private var partials = 0
    private var hasReadAll = false

    /// Whether all sensors were read at least once that there are.
    var isComplete: Bool { hasReadAll && (partials == 0 || partials >= Self.patience) }

    /// Reads on in the records, or reads a slice of the sensors: those that are not well, those
    /// that are `wanted`, and then the next ones in turn.
    /// - Returns: what was read, by sensor.
    mutating func look(
        _ reader: SensorReader, slice: Int, wanted: [Sensor.Key], _ tables: SensorTables,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> [Sensor.Key: SensorVerdict] {
        try await renewTable(tables, &budget)
        guard let table else { return [:] }
        guard !table.sensors.isEmpty else {
            hasReadAll = true
            return [:]
        }
        var verdicts: [Sensor.Key: SensorVerdict] = [:]
        let order = places(in: table, slice, wanted)
        for (place, isInTurn) in order {
            let sensor = table.sensors[place]
            guard let result = try await reader.read(sensor, &budget) else { break }
            verdicts[sensor.key] = result.verdict
            if !result.isPassing { ill[place] = result.finding }
            if result.complaint != nil { looks = Self.looksPerStamp }
            if isInTurn {
                next = place + 1
                if next == table.sensors.count {
                    next = 0
                    hasReadAll = true
                }
            }
        }
        return verdicts
    }

    /// Takes over what a deep look found.
    mutating func adopt(
        _ table: SensorTable, _ stamp: SDRWalk.Stamp?, _ ill: [Int: HealthReport.Finding]
    ) {
        self.table = table
        self.stamp = stamp
        self.ill = ill
        walk = nil
        looks = 0
        next = 0
        partials = 0
        hasReadAll = true
    }

    /// The records that a walk has come to, unless they have changed since.
    func table(
        ifStamped stamp: SDRWalk.Stamp?
    ) -> SensorTable? {
        stamp != nil && stamp == self.stamp ? table : nil
    }

    // The sensors of a BMC without a stamp are taken not to change; a BMC that says so of one of
    // them is asked for its records again.
    private mutating func renewTable(
        _ tables: SensorTables, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        looks += 1
        if walk == nil, looks > Self.looksPerStamp {
            looks = 0
            if partials > 0 && partials < Self.patience {
                walk = SDRWalk()
            } else if try await SDRWalk.stamp(&budget) != stamp {
                walk = SDRWalk()
            }
        }
        guard var walk else { return }
        defer { self.walk = walk.isDone ? nil : walk }
        try await walk.advance(&budget)
        guard walk.isDone else { return }
        adopt(walk, tables.shared(SensorTable(walk.records, complaints: walk.complaints)))
    }

    // A part is better than nothing, and worse than what came before if that was more. It is asked
    // for again, until the same came so often that the BMC has no more to tell.
    private mutating func adopt(_ walk: SDRWalk, _ fresh: SensorTable) {
        let isNew = fresh != table
        if walk.isWhole {
            partials = 0
        } else {
            partials = isNew ? 1 : partials + 1
        }
        let isSettled = partials == 0 || partials >= Self.patience
        stamp = isSettled ? walk.stamp : nil
        if !isSettled { looks = Self.looksPerStamp - Self.looksUntilAgain }
        guard isNew, walk.isWhole || fresh.sensors.count >= table?.sensors.count ?? 0 else {
            return
        }
        table = fresh
        ill = [:]
        next = 0
        hasReadAll = false
    }

    private func places(
        in table: SensorTable, _ count: Int, _ wanted: [Sensor.Key]
    ) -> [(place: Int, isInTurn: Bool)] {
        let known = ill.keys.sorted()
        let start = known.isEmpty ? 0 : looks * Self.illLimit % known.count
        let again = (known[start...] + known[..<start]).prefix(Self.illLimit)
        let asked = table.sensors.indices.filter { wanted.contains(table.sensors[$0].key) }
        var chosen: Set<Int> = []
        var places: [(place: Int, isInTurn: Bool)] = []
        for place in again + asked where chosen.insert(place).inserted {
            places.append((place, false))
        }
        let inTurn = max(1, count - places.count)
        let range = next..<min(table.sensors.count, next + inTurn)
        return places + range.map { ($0, true) }
    }
}
