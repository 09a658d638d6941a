/// What the rules want done.
public enum SynchroniserAction: Sendable, Hashable {
    /// Move an instance to `nonFunctional`.
    case fail(instance: String, reasons: [String])
    /// Move an instance to `nonFunctional`, for another machine stands in its place.
    case misplace(instance: String, reason: String)
    /// Power an instance's device off, and move it when it is confirmed off.
    case fence(instance: String, reasons: [String])
    /// Stop describing an instance that is to go, and whose BMC does not answer.
    case hide(instance: String, reasons: [String])
    /// Move an instance to the front of `active`.
    case recover(instance: String)
    /// Release a recovered instance that its group does not want back.
    case release(instance: String, reason: String)
    /// Power an instance's device on again.
    case restart(instance: String, attempt: Int)
    /// Report a free device that runs something.
    case reportForeign(device: String)
}

/// What a look at a device brought.
public enum Look: Sendable, Hashable {
    case seen(Observation)
    /// No BMC was reached, or what came back made no sense.
    case failed(reason: String)
    /// The BMC does not let us in: that says nothing about the device, and is the operator's to mend.
    case refused(reason: String)
    /// The BMC answered that it is busy, or nobody knows whose machine answered: that says nothing
    /// about the device.
    case inconclusive
    /// This machine lacks what it takes to look: that says nothing about the device either.
    case shortage(reason: String)
}

extension Look {
    var isUnreachable: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether nobody has looked since: a reconciler, or an operator, may have seen better.
    func isLatest(of status: DeviceStatus) -> Bool {
        switch self {
        case .seen(let observation): status.lastAnswer.map { observation.date >= $0 } ?? true
        case .failed: status.observation?.health == .unreachable
        case .refused, .inconclusive, .shortage: true
        }
    }

    var isRefused: Bool {
        if case .refused = self { true } else { false }
    }

    /// What this machine lacks; nil if the look did not fail for that.
    var shortage: String? {
        if case .shortage(let reason) = self { reason } else { nil }
    }
}
