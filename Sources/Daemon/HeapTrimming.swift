import CMalloc
import ServiceLifecycle

/// Gives memory that is free back to the system now and then: glibc keeps what a round over many
/// BMCs, or a burst of provisions, has used for a moment.
struct HeapTrimming: Service {
    private static let period: Duration = .seconds(10)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await Task.sleep(for: Self.period)
                } catch {
                    return
                }
                rackpool_trim_heap()
            }
        }
    }
}
