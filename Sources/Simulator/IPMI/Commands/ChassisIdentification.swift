internal import IPMIWire

/// What the light by which a chassis shows itself does.
enum ChassisIdentification: Sendable, Hashable {
    case off
    /// Until then, on the clock of ``IPMIMoment/uptime``.
    case until(Duration)
    case indefinite

    init(_ span: ChassisIdentify.Span, at now: IPMIMoment) {
        self =
            switch span {
            case .standard: .until(now.uptime + .seconds(15))
            case .seconds(0): .off
            case .seconds(let seconds): .until(now.uptime + .seconds(Int(seconds)))
            case .indefinite: .indefinite
            }
    }

    func shown(at now: IPMIMoment) -> GetChassisStatus.Identify {
        switch self {
        case .until(let end) where end > now.uptime: .timed
        case .off, .until: .off
        case .indefinite: .indefinite
        }
    }
}
