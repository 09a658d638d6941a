internal import IPMIWire

/// The event log (IPMI v2.0 31).
enum LogCommands {
    static let handlers = [
        CommandHandler(GetSELInfo.self) { _, state, _ in
            let log = state.ipmi.log
            return GetSELInfo.Response(
                recordCount: UInt16(log.entries.count),
                freeBytes: UInt16((EventLog.capacity - log.entries.count) * 16),
                lastAddition: log.lastAddition, lastErase: log.lastErase,
                hasOverflowed: log.hasOverflowed)
        },
        CommandHandler(ReserveSEL.self) { _, state, _ in
            RepositoryReservation(id: state.ipmi.log.reserve(state.ipmi.freshReservation()))
        },
        CommandHandler(GetSELEntry.self) { (command, state, _) throws(CommandRefusal) in
            try entry(command.part, in: state.ipmi.log)
        },
        CommandHandler(GetSELTime.self) { _, state, context in
            GetSELTime.Response(time: state.logTime(at: context.now))
        },
        // Set SEL Time (IPMI v2.0 31.11).
        CommandHandler(.storage, 0x49, privilege: .operator) {
            (data, state, context) throws(CommandRefusal) in
            guard data.count >= 4 else { throw CommandRefusal(.invalidLength) }
            let time = data[..<4].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            state.ipmi.log.clockOffset = 0
            let present = Int64(state.logTime(at: context.now).rawValue)
            state.ipmi.log.clockOffset = time - present
            return []
        },
        // Clear SEL (IPMI v2.0 31.9): done at once.
        CommandHandler(.storage, 0x47, privilege: .operator) {
            (data, state, context) throws(CommandRefusal) in
            guard data.count >= 6 else { throw CommandRefusal(.invalidLength) }
            guard state.ipmi.log.isReserved(UInt16(data[0]) | UInt16(data[1]) << 8) else {
                throw CommandRefusal(.reservationCancelled)
            }
            guard Array(data[2..<5]) == Array("CLR".utf8), [0x00, 0xAA].contains(data[5]) else {
                throw CommandRefusal(.invalidField)
            }
            if data[5] == 0xAA {
                let time = state.logTime(at: context.now)
                let reservation = UInt16(data[0]) | UInt16(data[1]) << 8
                state.ipmi.log.clear(at: time)
                // Who asks how far it is asks with the same one.
                _ = state.ipmi.log.reserve(reservation)
            }
            return [0x01]
        },
    ]

    private static func entry(
        _ part: RecordPart, in log: EventLog
    ) throws(CommandRefusal) -> GetSELEntry.Response {
        guard let index = log.index(of: part.recordID) else { throw CommandRefusal(.notPresent) }
        if part.offset != 0 || part.count != 0xFF, !log.isReserved(part.reservation) {
            throw CommandRefusal(.reservationCancelled)
        }
        let bytes = log.entries[index].wireBytes
        guard Int(part.offset) < bytes.count else { throw CommandRefusal(.outOfRange) }
        let isLast = index == log.entries.count - 1
        return GetSELEntry.Response(
            nextRecordID: isLast ? GetSELEntry.last : log.entries[index + 1].id,
            data: Array(bytes.dropFirst(Int(part.offset)).prefix(Int(part.count))))
    }
}

extension BMCState {
    /// What the log's clock shows.
    func logTime(at now: IPMIMoment) -> IPMITimestamp {
        // A clock that nobody set counts from the BMC's start (IPMI v2.0 37).
        let time = speaks(.unsetClock) ? now.uptime.components.seconds : Int64(now.time)
        return IPMITimestamp(rawValue: UInt32(clamping: time + ipmi.log.clockOffset))
    }
}
