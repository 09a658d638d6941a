import Core

extension SynchroniserAction {
    /// The action in words.
    var text: String {
        switch self {
        case .fail(let id, let reasons):
            "\(id) is non-functional: \(reasons.joined(separator: ", "))"
        case .misplace(let id, let reason): "\(id) is non-functional: \(reason)"
        case .fence(let id, let reasons):
            "\(id) is being powered off, then non-functional: \(reasons.joined(separator: ", "))"
        case .hide(let id, let reasons):
            "\(id) is to go and can't be reached: no longer described, and still to be powered off:"
                + " \(reasons.joined(separator: ", "))"
        case .recover(let id): "\(id) is functional again, at the front"
        case .release(let id, let reason): "\(id) is being released: \(reason)"
        case .restart(let id, let attempt): "\(id) is being powered on again, attempt \(attempt)"
        case .reportForeign(let device): "\(device) is free and runs something foreign"
        }
    }
}
