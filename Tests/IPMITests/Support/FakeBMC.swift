import IPMIWire
import Locking
import NIOCore

@testable import IPMI

/// A BMC that holds what a test gives it, and answers without a network, with the bytes that would
/// travel.
final class FakeBMC: IPMIConnection {
    struct Contents: Sendable {
        var records: [SensorDataRecord] = []
        /// Records that are not what they should be, by their ID.
        var rawRecords: [UInt16: [UInt8]] = [:]
        /// The ID that a record names as the one after it, where it is not the one after it.
        var nextRecords: [UInt16: UInt16] = [:]
        var repositoryStamp: UInt32 = 1
        /// Whether the records are the BMC's own, without a repository.
        var hasNoRepository = false
        /// The most bytes that a record or an inventory is returned in.
        var maximumBytes = 255
        var readings: [UInt8: GetSensorReading.Response] = [:]
        var thresholds: [UInt8: SensorThresholds] = [:]
        var factors: [UInt8: SensorFactors] = [:]
        var log: [SELRecord] = []
        var logStamp: UInt32 = 1
        var hasOverflowed = false
        var time: IPMITimestamp?
        var inventories: [UInt8: [UInt8]] = [:]
        var isInWords = false
        /// Answers in place of the rest.
        var override: (@Sendable (Int, Request) -> Reply?)?
        fileprivate(set) var requests: [Request] = []
        var reservation: UInt16 = 0
    }

    struct Request: Sendable {
        let function: NetworkFunction
        let code: UInt8
        let lun: UInt8
        let data: [UInt8]

        func `is`(_ command: (some IPMICommand).Type) -> Bool {
            function == command.function && code == command.code
        }

        func read<Command: IPMICommand>(_ command: Command.Type) -> Command? {
            `is`(command) ? try? Command(bytes: data) : nil
        }
    }

    enum Reply: Sendable {
        case data([UInt8])
        case refusal(CompletionCode)
        case silence
        /// To just this command.
        case ignored

        static func value(_ value: some WireValue) -> Reply { .data(value.wireBytes) }
    }

    private let contents = Mutex(Contents())

    init(_ change: (inout Contents) -> Void = { _ in }) {
        contents.withLock { change(&$0) }
    }

    /// All requests so far.
    var requests: [Request] { contents.withLock { $0.requests } }

    /// How many requests had this command.
    func count(_ command: (some IPMICommand).Type) -> Int {
        requests.count { $0.is(command) }
    }

    func change(_ change: (inout Contents) -> Void) {
        contents.withLock { change(&$0) }
    }

    var session: UInt32? { get async { nil } }

    func perform<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Command.Response {
        let request = Request(
            function: Command.function, code: Command.code, lun: command.lun,
            data: command.wireBytes)
        let reply = contents.withLock { contents in
            contents.requests.append(request)
            return contents.override?(contents.requests.count, request) ?? contents.reply(request)
        }
        switch reply {
        case .data(let bytes):
            do {
                return try Command.Response(bytes: bytes)
            } catch {
                throw .malformed(command: Command.name, error)
            }
        case .refusal(let code):
            throw .refused(command: Command.name, code)
        case .ignored:
            throw .ignored(command: Command.name)
        case .silence:
            throw .silent(step: Command.name, attempts: 1, mayHaveActed: false)
        }
    }
}

extension FakeBMC.Contents {
    fileprivate mutating func reply(_ request: FakeBMC.Request) -> FakeBMC.Reply {
        switch request.function {
        case .storage where request.code < 0x20: inventoryReply(request)
        case .storage where request.code < 0x40: repositoryReply(request)
        case .storage: logReply(request)
        case .sensor where request.code < 0x23: deviceReply(request)
        case .sensor: sensorReply(request)
        default: .refusal(.invalidCommand)
        }
    }

    private mutating func repositoryReply(_ request: FakeBMC.Request) -> FakeBMC.Reply {
        if hasNoRepository { return .refusal(.invalidCommand) }
        if request.is(GetSDRRepositoryInfo.self) {
            return .value(
                GetSDRRepositoryInfo.Response(
                    recordCount: UInt16(records.count + rawRecords.count),
                    lastAddition: IPMITimestamp(rawValue: repositoryStamp),
                    lastErase: IPMITimestamp(rawValue: 0)))
        }
        if request.is(ReserveSDRRepository.self) { return reserve() }
        return request.read(GetSDR.self).map { record($0.part) } ?? .refusal(.invalidCommand)
    }

    private mutating func deviceReply(_ request: FakeBMC.Request) -> FakeBMC.Reply {
        guard hasNoRepository else { return .refusal(.invalidCommand) }
        if request.is(ReserveDeviceSDRRepository.self) { return reserve() }
        return request.read(GetDeviceSDR.self).map { record($0.part) }
            ?? .refusal(.invalidCommand)
    }

    private mutating func reserve() -> FakeBMC.Reply {
        reservation += 1
        return .value(RepositoryReservation(id: reservation))
    }

    private func record(_ part: RecordPart) -> FakeBMC.Reply {
        let ids = (records.map(\.id) + rawRecords.keys).sorted()
        let place = part.recordID == 0 ? 0 : ids.firstIndex(of: part.recordID)
        guard let place, ids.indices.contains(place) else { return .refusal(.notPresent) }
        if part.offset > 0, part.reservation != reservation {
            return .refusal(.reservationCancelled)
        }
        let id = ids[place]
        let bytes = rawRecords[id] ?? records.first { $0.id == id }?.wireBytes ?? []
        let rest = bytes.dropFirst(Int(part.offset))
        let count = part.count == 0xFF ? rest.count : Int(part.count)
        guard count <= maximumBytes, count <= rest.count else {
            return .refusal(.cannotReturnThatMany)
        }
        let next = nextRecords[id] ?? (place + 1 < ids.count ? ids[place + 1] : RecordPart.end)
        return .value(RecordPartResponse(nextRecordID: next, data: Array(rest.prefix(count))))
    }

    private func sensorReply(_ request: FakeBMC.Request) -> FakeBMC.Reply {
        if let command = request.read(GetSensorReading.self) {
            return readings[command.sensor].map { .value($0) } ?? .refusal(.notPresent)
        }
        if let command = request.read(GetSensorThresholds.self) {
            return thresholds[command.sensor].map { .value(GetSensorThresholds.Response($0)) }
                ?? .refusal(.illegal)
        }
        if let command = request.read(GetSensorReadingFactors.self) {
            return factors[command.sensor].map {
                .value(GetSensorReadingFactors.Response(nextReading: 0xFF, factors: $0))
            } ?? .refusal(.illegal)
        }
        return .refusal(.invalidCommand)
    }

    private func logReply(_ request: FakeBMC.Request) -> FakeBMC.Reply {
        if request.is(GetSELInfo.self) {
            return .value(
                GetSELInfo.Response(
                    recordCount: UInt16(log.count), freeBytes: 0xFFFF,
                    lastAddition: IPMITimestamp(rawValue: logStamp),
                    lastErase: IPMITimestamp(rawValue: 0), hasOverflowed: hasOverflowed))
        }
        if request.is(GetSELTime.self) {
            return time.map { .value(GetSELTime.Response(time: $0)) } ?? .refusal(.invalidCommand)
        }
        guard let command = request.read(GetSELEntry.self) else {
            return .refusal(.invalidCommand)
        }
        let place: Int? =
            switch command.part.recordID {
            case GetSELEntry.first: log.indices.first
            case GetSELEntry.last: log.indices.last
            default: log.firstIndex { $0.id == command.part.recordID }
            }
        guard let place else { return .refusal(.notPresent) }
        let next = place + 1 < log.count ? log[place + 1].id : GetSELEntry.last
        return .value(GetSELEntry.Response(nextRecordID: next, data: log[place].wireBytes))
    }

    private func inventoryReply(_ request: FakeBMC.Request) -> FakeBMC.Reply {
        let unit = isInWords ? 2 : 1
        if let command = request.read(GetFRUInventoryAreaInfo.self) {
            return inventories[command.device].map {
                .value(
                    GetFRUInventoryAreaInfo.Response(
                        size: UInt16($0.count / unit), isInWords: isInWords))
            } ?? .refusal(.notPresent)
        }
        guard let command = request.read(ReadFRUData.self),
            let bytes = inventories[command.device]
        else { return .refusal(.notPresent) }
        let count = Int(command.count) * unit
        guard count <= maximumBytes else { return .refusal(.cannotReturnThatMany) }
        let piece = Array(bytes.dropFirst(Int(command.offset) * unit).prefix(count))
        return .value(ReadFRUData.Response(count: UInt8(piece.count / unit), data: piece))
    }
}
