internal import Locking

/// How much of all clients' requests is kept at one time. What every usual request has is free, so
/// that those who send much keep out only each other.
final class BodyBudget: Sendable {
    /// What a request may have without counting: InfraKit's have some kilobytes.
    static let freeSize = 16 << 10

    private let limit: Int
    private let taken = Mutex<(all: Int, byAddress: [String: Int])>((0, [:]))

    /// - Parameter limit: how many bytes there may be together; one address gets half at most.
    init(limit: Int) {
        self.limit = limit
    }

    /// How many bytes count now.
    var size: Int { taken.withLock { $0.all } }

    /// What one request has taken. It is given back at the latest with the lease.
    final class Lease: Sendable {
        private let budget: BodyBudget
        private let address: String?
        private let size = Mutex(0)

        fileprivate init(_ budget: BodyBudget, _ address: String?) {
            self.budget = budget
            self.address = address
        }

        deinit { budget.change(by: -size.withLock { $0 }, address) }

        /// Whether there is room for a body that has grown to so many bytes.
        func grow(to bytes: Int) -> Bool {
            let wanted = max(0, bytes - BodyBudget.freeSize)
            return size.withLock { size in
                guard wanted <= size || budget.take(wanted - size, address) else { return false }
                size = max(size, wanted)
                return true
            }
        }
    }

    func lease(for address: String?) -> Lease { Lease(self, address) }

    private func take(_ bytes: Int, _ address: String?) -> Bool {
        taken.withLock { taken in
            guard taken.all + bytes <= limit else { return false }
            if let address, taken.byAddress[address, default: 0] + bytes > limit / 2 {
                return false
            }
            Self.change(&taken, by: bytes, address)
            return true
        }
    }

    private func change(by bytes: Int, _ address: String?) {
        taken.withLock { Self.change(&$0, by: bytes, address) }
    }

    private static func change(
        _ taken: inout (all: Int, byAddress: [String: Int]), by bytes: Int, _ address: String?
    ) {
        taken.all += bytes
        guard let address, bytes != 0 else { return }
        let left = taken.byAddress[address, default: 0] + bytes
        taken.byAddress[address] = left == 0 ? nil : left
    }
}
