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
    /// A sensor that was not well when it was read last.
    private struct Illness {
        var finding: HealthReport.Finding
        /// Its place in the table.
        var place: Int
        /// Why it could not be read since then; nil if it was read in the last look at it.
        var complaint: String?
    }

    private var ill: [Sensor.Key: Illness] = [:]
    /// Whether none of the sensors that the last look asked for could be read.
    private var isMute = false

    /// What is not well, in the order of the sensors' records. What was critical and could not be
    /// read since is in doubt.
    var findings: [HealthReport.Finding] {
        ill.values.sorted { $0.place < $1.place }.map { illness in
            illness.complaint.map { illness.finding.unread(because: $0) } ?? illness.finding
        }
    }

    /// Whether a sensor was critical and could not be read since.
    var isBlind: Bool {
        ill.values.contains { $0.complaint != nil && $0.finding.health == .critical }
    }

    /// Whether a sensor was critical when it was read last.
    func wasCritical(_ key: Sensor.Key) -> Bool { ill[key]?.finding.health == .critical }

    /// After how many looks records are read again of which not all came.
    private static let looksUntilAgain = 5
    /// How often the same part of the records has to come to be taken for all that there is.
    private static let patience = 3

    /// How often in a row the records came to the table that is known, and not all were there.
    private var partials = 0
    private var hasReadAll = false

    /// Whether all sensors were read at least once that there are, and can still be.
    var isComplete: Bool {
        hasReadAll && !isMute && (partials == 0 || partials >= Self.patience)
    }

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
        var results: [Sensor.Key: SensorReader.Result] = [:]
        let order = places(in: table, slice, wanted)
        for (place, isInTurn) in order {
            let sensor = table.sensors[place]
            guard let result = try await reader.read(sensor, &budget) else { break }
            results[sensor.key] = result
            note(result, of: sensor.key, at: place)
            if result.complaint != nil { looks = Self.looksPerStamp }
            if isInTurn {
                next = place + 1
                if next == table.sensors.count {
                    next = 0
                    hasReadAll = true
                }
            }
        }
        isMute = Self.areUnread(results)
        return results.mapValues(\.verdict)
    }

    /// Whether not one of some sensors could be read.
    private static func areUnread(_ results: [Sensor.Key: SensorReader.Result]) -> Bool {
        !results.isEmpty && results.values.allSatisfy { $0.complaint != nil }
    }

    /// What shows nothing is no better than it was, unless that is because it has no power.
    private mutating func note(
        _ result: SensorReader.Result, of sensor: Sensor.Key, at place: Int
    ) {
        if result.verdict == .silent, !result.isAtRest {
            ill[sensor]?.complaint = result.complaint ?? "it shows no reading"
        } else {
            ill[sensor] = result.finding.map { Illness(finding: $0, place: place) }
        }
    }

    /// Looks up in other records what was not well: it is no better for that, unless all are known
    /// and the sensor is not among them.
    private mutating func findIll(in table: SensorTable) {
        for key in ill.keys {
            if let place = table.sensors.firstIndex(where: { $0.key == key }) {
                ill[key]?.place = place
            } else if table.isWhole {
                ill[key] = nil
            } else {
                ill[key]?.complaint = "its record can't be read"
            }
        }
    }

    /// Takes over what a deep look found.
    mutating func adopt(
        _ table: SensorTable, _ stamp: SDRWalk.Stamp?,
        _ results: [Sensor.Key: SensorReader.Result]
    ) {
        self.table = table
        self.stamp = stamp
        findIll(in: table)
        for (place, sensor) in table.sensors.enumerated() {
            results[sensor.key].map { note($0, of: sensor.key, at: place) }
        }
        isMute = Self.areUnread(results)
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
        adopt(
            walk,
            tables.shared(
                SensorTable(
                    walk.records, complaints: walk.complaints, isWhole: walk.isWhole)))
    }

    // A part is better than nothing, and worse than what came before if that was more. It is asked
    // for again, until the same came so often that the BMC has no more to tell.
    private mutating func adopt(_ walk: SDRWalk, _ fresh: SensorTable) {
        let isNew = fresh != table
        // A BMC that told of sensors has some, though it may say for a while that it has none.
        let isWhole =
            walk.isWhole && !(fresh.sensors.isEmpty && table?.sensors.isEmpty == false)
        if isWhole {
            partials = 0
        } else {
            partials = isNew ? 1 : partials + 1
        }
        let isSettled = partials == 0 || partials >= Self.patience
        stamp = isSettled ? walk.stamp : nil
        if !isSettled { looks = Self.looksPerStamp - Self.looksUntilAgain }
        guard isNew, isWhole || fresh.sensors.count >= table?.sensors.count ?? 0 else {
            return
        }
        table = fresh
        findIll(in: fresh)
        next = 0
        hasReadAll = false
    }

    private func places(
        in table: SensorTable, _ count: Int, _ wanted: [Sensor.Key]
    ) -> [(place: Int, isInTurn: Bool)] {
        let known = ill.values.map(\.place).filter(table.sensors.indices.contains).sorted()
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
