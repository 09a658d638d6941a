internal import Core
internal import IPMIWire

/// IPMI over LAN: what comes and what is carried out.
extension BMCState {
    /// The system that IPMI's chassis is.
    static let chassisSystem = 0

    mutating func receive(_ datagram: [UInt8], at now: IPMIMoment) -> ManagedEnd.Action {
        if ipmi.end.guid == nil { ipmi.end.guid = systemGUID }
        return ipmi.end.receive(datagram, at: now)
    }

    /// - Parameter verdict: what becomes of the action if it is a command.
    /// - Returns: the datagram that answers; nil if there is none.
    mutating func answer(
        _ action: ManagedEnd.Action, _ verdict: IPMIVerdict, at now: IPMIMoment
    ) -> [UInt8]? {
        guard case .command(let arrival) = action else {
            if case .reply(let answer) = action { return answer }
            return nil
        }
        switch verdict {
        case .proceed: return carryOut(arrival, at: now)
        case .refuse(let code): return refuse(arrival, CompletionCode(rawValue: code))
        case .lose: return nil
        case .loseAnswer:
            _ = carryOut(arrival, at: now)
            return nil
        case .actLate: return ipmi.end.seal((.ok, []), for: arrival)
        case .actLateUnanswered: return nil
        }
    }

    /// Carries out a command whose answer, if it gets one, went out long before.
    mutating func carryOutLate(_ arrival: ManagedEnd.Arrival, at now: IPMIMoment) {
        _ = try? run(arrival, at: now)
    }

    /// Carries a command out.
    /// - Returns: the datagram that answers it; nil if its session is gone.
    mutating func carryOut(_ arrival: ManagedEnd.Arrival, at now: IPMIMoment) -> [UInt8]? {
        ipmi.end.statistics.requests += 1
        let answer: (code: CompletionCode, data: [UInt8])
        do throws(CommandRefusal) {
            answer = (.ok, try run(arrival, at: now))
        } catch {
            answer = (error.code, [])
        }
        let datagram = ipmi.end.seal(answer, for: arrival)
        ipmi.end.finish(arrival)
        return datagram
    }

    /// Refuses a command unseen. Sent again, it is looked at anew.
    private mutating func refuse(_ arrival: ManagedEnd.Arrival, _ code: CompletionCode) -> [UInt8]?
    {
        ipmi.end.statistics.requests += 1
        return ipmi.end.seal((code, []), for: arrival, isRemembered: false)
    }

    private mutating func run(
        _ arrival: ManagedEnd.Arrival, at now: IPMIMoment
    ) throws(CommandRefusal) -> [UInt8] {
        let request = arrival.request
        guard let handler = CommandTable.handler(of: request) else {
            throw CommandRefusal(.invalidCommand)
        }
        guard request.lun == 0 else { throw CommandRefusal(.invalidForLUN) }
        if !handler.isBare {
            guard let privilege = arrival.privilege, privilege >= handler.privilege else {
                throw CommandRefusal(.insufficientPrivilege)
            }
        }
        return try handler.run(
            request.data, &self,
            CommandContext(path: arrival.path, privilege: arrival.privilege, now: now))
    }

    /// The UUID that Redfish shows of the system, in the order of the specification (IPMI v2.0 20.8).
    private var systemGUID: [UInt8] {
        let resource = fixture.resource(at: fixture.systems[Self.chassisSystem].path)
        let shown = resource.flatMap { json(of: $0)?["UUID"]?.string }
        let bytes = shown.flatMap(Identity.bytes(ofUUID:))
        let uuid = bytes ?? Identity.bytes(ofUUID: Identity.uuid(0xFFFF, bmc: index)) ?? []
        return GetSystemGUID.Response(uuid: uuid, in: .ipmi).bytes
    }
}
