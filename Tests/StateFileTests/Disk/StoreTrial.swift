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
    /// What the last acknowledged commit of each device left.
    private(set) var told: [RecordKey: DeviceRecord] = [:]
    /// The commits since the last acknowledged one, which failed: one of them may be there.
    private var failed: [[DeviceRecord]] = []
    private var number: Int64 = 0
    /// The highest of what was told.
    private(set) var revision: UInt64 = 0
    private var sequence: UInt64 = 0
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
        let loaded = try await store.load()
        check(loaded.records)
        #expect(loaded.revision >= revision && loaded.sequence >= sequence)
        #expect(loaded.records.allSatisfy { (1...loaded.revision).contains($0.revision) })
        // What was found holds from here on.
        told = Dictionary(uniqueKeysWithValues: loaded.records.map { ($0.key, $0) })
        failed = []
        (revision, sequence) = (loaded.revision, loaded.sequence)
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

    /// Makes a change of one device or of some together.
    mutating func change() async {
        let count = [1, 1, 1, 2, 3].randomElement(using: &random) ?? 1
        let names = (0..<5).shuffled(using: &random).prefix(count)
        var puts: [DeviceRecord] = []
        for name in names {
            let key = RecordKey.device("d\(name)")
            puts.append(next(told[key] ?? DeviceRecord(key: key)))
        }
        await commit(puts)
    }

    /// Writes records together, over those that there are, and notes what was told.
    mutating func commit(_ puts: [DeviceRecord]) async {
        guard let store else { return }
        do {
            let sequence = sequence + UInt64(number)
            let revision = try await store.commit(StoreCommit(puts: puts, sequence: sequence))
            #expect(revision > self.revision)
            (self.revision, self.sequence) = (revision, sequence)
            for var record in puts {
                record.revision = revision
                told[record.key] = record.isBlank ? nil : record
            }
            failed = []
        } catch {
            failed.append(puts)
            failures.append(error)
        }
        guard let turns, await store.isFolding else { return }
        turns.advance(by: Int.random(in: 0...3, using: &random))
    }

    private mutating func next(_ present: DeviceRecord) -> DeviceRecord {
        number += 1
        var record = present
        switch (present.claim?.state, Int.random(in: 0..<6, using: &random)) {
        case (nil, 0):
            record.cordon = present.cordon == nil ? Cordon(since: Self.date(number)) : nil
        case (nil, 1) where present.revision > 0:
            // A blank record, which is kept by nobody.
            record = DeviceRecord(key: present.key, revision: present.revision)
        case (nil, _):
            record.machine = Machine(
                address: MachineAddress(provider: "redfish", bmc: "https://10.0.0.\(number % 250)"),
                identity: SystemIdentity(serialNumber: "S\(number)X"))
            record.claim = Claim(
                id: InstanceID.make(
                    sequence: UInt64(number), device: present.key.deviceName ?? ""),
                spec: ClaimSpec(
                    properties: ["Note": .string(String(repeating: "n", count: Int(number) % 300))],
                    tags: ["infrakit.group": "g\n\(number)"], logicalID: "l\(number)"),
                state: .starting(.claimed), claimedAt: Self.date(number), order: number)
        case (.starting, _):
            record.claim?.state = .running
            record.claim?.power = SentPower(pendingOns: 1, lastOn: Self.date(number))
        case (.running, 0):
            record.claim?.state = .failed(
                ClaimState.Failure(since: Self.date(number), reasons: ["PSU"]))
            record.claim?.order = -number
        case (.running, _): record.claim?.state = .stopping
        case (.some, _):
            record.lastCarrier = present.claim?.logicalIDKey.map {
                LastCarrier(key: $0, sequence: number)
            }
            record.claim = nil
            record.releaseOrder = number
        }
        return record
    }

    private static func date(_ number: Int64) -> Date {
        Date(timeIntervalSince1970: 1_800_000_000 + TimeInterval(number))
    }

    // MARK: What must hold

    /// All is as the last acknowledged commits left it, or as one that failed since then would have, as
    /// a whole.
    func check(_ loaded: [DeviceRecord]) {
        let found = Dictionary(uniqueKeysWithValues: loaded.map { ($0.key, $0) })
        guard found != told else { return }
        let isPossible = failed.contains { puts in
            var possible = told
            for record in puts { possible[record.key] = record.isBlank ? nil : record }
            return possible.count == found.count
                && possible.allSatisfy { found[$0]?.hasSameContent(as: $1) == true }
        }
        #expect(isPossible, "told: \(told.values); on disk: \(listing)")
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
