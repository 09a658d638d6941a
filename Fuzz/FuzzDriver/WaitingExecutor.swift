internal import Dispatch
internal import Synchronization

/// Runs a task on the thread that waits for its end: a change of threads costs more than most inputs
/// do, and makes what an input covers differ from run to run.
final class WaitingExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let count = DispatchSemaphore(value: 0)
    private let isDone = Atomic(false)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        count.signal()
    }

    /// Returns when `body` has.
    func run(_ body: @escaping @Sendable () async -> Void) {
        isDone.store(false, ordering: .relaxed)
        Task(executorPreference: self) {
            await body()
            self.isDone.store(true, ordering: .relaxed)
        }
        while !isDone.load(ordering: .relaxed) {
            count.wait()
            jobs.withLock { $0.removeFirst() }.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
