import Foundation
import Logging
import Randomness
import Testing

@testable import Core
@testable import StateFile

/// A store on a faulty disk, beside what its users were told.
struct StoreTrial {
    let disk: FaultyDisk
    private var random: SeededNumbers
    private var store: FileStore?
    /// What the last acknowledged change of each device left.
    private(set) var told: [RecordKey: DeviceRecord] = [:]
    /// What changes since then, which failed, may have left.
    private(set) var possible: [RecordKey: [DeviceRecord]] = [:]
    private var number: Int64 = 0
    private(set) var failures: [StoreError] = []
    /// Folds on a queue of its own, call by call in between the changes; nil to fold at once.
    private let owner: FoldTurnsOwner?

    static let path = "state/rackpool.json"
    static let silent = Logger(label: "store") { _ in SwiftLogNoOpLogHandler() }

    /// Small files, so that a few changes go through everything; folded at once, so that a seed
    /// tells the order of all calls.
    static var settings: StoreSettings {
        var settings = StoreSettings()
        settings.chunk = 1500
        settings.reserve = 1500
        settings.foldAfter = 4000
        settings.folding = nil
        settings.newIdentifier = { 7 }
        return settings
    }

    /// - Parameter isInterleaved: whether folds go on while changes are made, as a daemon's do.
    init(seed: UInt64, isInterleaved: Bool = false) {
        disk = FaultyDisk(seed: seed)
        random = SeededNumbers(seed: seed)
        owner = isInterleaved ? FoldTurnsOwner(FoldTurns()) : nil
        if let turns { disk.setTurns(turns) }
    }

    private var turns: FoldTurns? { owner?.turns }

    // MARK: Running

    /// Starts a store as a process of its own would.
    mutating func start(_ settings: StoreSettings = settings) async throws(StoreError) {
        // What an earlier process folded is dead, and is let come to its end.
        let files = disk.start()
        turns?.finish()
        var settings = settings
        settings.folding = turns?.queue
        store = nil
        let store = try FileStore(
            path: Self.path, files: files, settings: settings, logger: Self.silent)
        self.store = store
        let loaded = try await store.load().records
        check(loaded)
        // What was found holds from here on.
        told = Dictionary(uniqueKeysWithValues: loaded.map { ($0.key, $0) })
        possible = [:]
    }

    mutating func stop() async {
        if let turns, let store {
            repeat { turns.finish() } while await store.isFolding
        }
        await store?.close()
        store = nil
    }

    /// Makes changes, one after the other, and goes on after those that fail.
    mutating func change(times count: Int) async {
        for _ in 0..<count { await change() }
    }

    /// Makes a change of a device that is claimed for nobody.
    mutating func change() async {
        let key = RecordKey.device("d\(Int.random(in: 0..<5, using: &random))")
        let sequence = (try? await store?.nextSequence()) ?? 0
        let present = told[key] ?? DeviceRecord(key: key)
        await write(next(present, sequence: sequence), over: present)
    }

    /// Writes one record and notes what was told.
    mutating func write(_ record: DeviceRecord, over present: DeviceRecord) async {
        guard let store else { return }
        do {
            try await store.write(record, replacing: present.version)
            told[record.key] = record.isBlank ? nil : record
            possible[record.key] = nil
        } catch {
            possible[record.key, default: []].append(record)
            failures.append(error)
        }
        guard let turns, await store.isFolding else { return }
        turns.advance(by: Int.random(in: 0...3, using: &random))
    }

    private mutating func next(_ present: DeviceRecord, sequence: UInt64) -> DeviceRecord {
        number += 1
        var record = present
        record.version += 1
        switch (present.claim?.phase, Int.random(in: 0..<6, using: &random)) {
        case (nil, 0):
            record.cordon = present.cordon == nil ? Cordon(since: Self.date(number)) : nil
        case (nil, 1) where present.version > 0:
            // A blank record, which is kept by nobody.
            record = DeviceRecord(key: present.key, version: record.version)
        case (nil, _):
            record.claim = Claim(
                id: InstanceID.make(sequence: sequence, device: present.key.deviceName ?? ""),
                spec: ClaimSpec(
                    properties: ["Note": .string(String(repeating: "n", count: Int(number) % 300))],
                    tags: ["infrakit.group": "g\n\(number)"], logicalID: "l\(number)"),
                phase: .provisioning(.claimed), claimedAt: Self.date(number), order: number)
        case (.provisioning, _): record.claim?.phase = .active
        case (.active, 0):
            record.claim?.failure = Claim.Failure(since: Self.date(number), reasons: ["PSU"])
            record.claim?.order = -number
        case (.active, _): record.claim?.phase = .releasing
        case (.releasing, _):
            record.lastLogicalID = record.claim?.spec.logicalID
            record.claim = nil
            record.releaseOrder = number
        }
        return record
    }

    private static func date(_ number: Int64) -> Date {
        Date(timeIntervalSince1970: 1_800_000_000 + TimeInterval(number))
    }

    // MARK: What must hold

    /// Each device is as its last acknowledged change left it, or as one that failed since then would
    /// have.
    func check(_ loaded: [DeviceRecord]) {
        let found = Dictionary(uniqueKeysWithValues: loaded.map { ($0.key, $0) })
        for key in Set(found.keys).union(told.keys).union(possible.keys) {
            let allowed = [told[key]] + (possible[key] ?? []).map { $0.isBlank ? nil : $0 }
            #expect(allowed.contains(found[key]), "\(key); on disk: \(listing)")
        }
    }

    /// All files, for the message of a check that failed.
    private var listing: String {
        disk.names.map { name in
            let text = String(
                decoding: (disk.bytes(of: name) ?? []).filter { $0 != 0 }, as: UTF8.self)
            return "\(name):\n\(text)"
        }.joined(separator: "\n")
    }

    /// What a process that starts now would find, without starting one.
    func found() throws(StoreError) -> [RecordKey: DeviceRecord] {
        let state = try StateLoader(
            names: StateNames(document: Self.path), files: disk.start()
        ).load()
        return Dictionary(uniqueKeysWithValues: state.image.records.map { ($0.key, $0) })
    }
}
