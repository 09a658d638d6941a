/// What a BMC makes of power commands over Redfish, where it does not simply carry them out.
public struct PowerFault: Sendable, Hashable {
    /// The reset types that are concerned.
    public var resets: Set<String>
    /// The status of the answer.
    public var status: Int
    /// How long after the answer the command is carried out; nil if it never is.
    public var delay: Duration?
    /// How many commands are concerned; nil for all that come.
    public var count: Int?

    /// What brings a system on.
    public static let startingResets: Set<String> = ["On", "ForceOn", "PushPowerButton"]

    public init(
        _ resets: Set<String> = startingResets, status: Int = 204, delay: Duration?,
        count: Int? = nil
    ) {
        self.resets = resets
        self.status = status
        self.delay = delay
        self.count = count
    }
}

extension PowerFault {
    /// What a dialect makes of commands; nil if it has nothing to do with them.
    init?(_ dialect: Dialect) {
        switch dialect {
        case .lateOn: self.init(delay: .seconds(6))
        case .failedOn: self.init(status: 500, delay: nil)
        case .failedOnActs: self.init(status: 500, delay: .seconds(1))
        case .busyOnActs: self.init(status: 503, delay: .seconds(1))
        case .swallowedOn: self.init(delay: nil, count: 1)
        default: return nil
        }
    }
}
