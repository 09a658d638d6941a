internal import IPMIWire

extension SDRWalk {
    /// What changes when the records do (IPMI v2.0 33.9).
    struct Stamp: Hashable, Sendable {
        let count: UInt16
        let addition: UInt32
        let erase: UInt32

        init(_ info: GetSDRRepositoryInfo.Response) {
            count = info.recordCount
            addition = info.lastAddition.rawValue
            erase = info.lastErase.rawValue
        }
    }

    /// What the BMC's records are stamped with now; nil if it does not say.
    static func stamp(_ budget: inout RequestBudget) async throws(IPMIFailure) -> Stamp? {
        try await budget.ask(GetSDRRepositoryInfo()).response.map(Stamp.init)
    }
}
