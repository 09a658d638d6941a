import Foundation
import Locking
import Randomness

/// Runs tasks on one thread, one piece at a time, in an order that a seed draws: what is begun with
/// one seed goes the same way each time, and each seed finds other interleavings.
///
/// All that is started from inside runs here, also unstructured tasks and actors, for the runtime
/// asks a hook where to put a job. Other threads of the process go on as ever.
final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var order: SeededNumbers
        var isDone = false

        mutating func take() -> UnownedJob? {
            guard !jobs.isEmpty else { return nil }
            let place = Int.random(in: jobs.indices, using: &order)
            jobs.swapAt(place, jobs.count - 1)
            return jobs.removeLast()
        }
    }

    private let state: Mutex<State>

    /// How a run has ended.
    enum Ending: Equatable {
        case done
        /// Nobody has anything to do, and nothing is to come.
        case deadlock
        /// So many jobs have run that it would never end.
        case endless
    }

    init(seed: UInt64) {
        state = Mutex(State(order: SeededNumbers(seed: seed)))
    }

    /// Runs a body and all that it starts.
    /// - Parameter pass: is called when all wait: lets time pass; false if nothing is to come.
    func run(
        atMost limit: Int, _ body: @escaping @Sendable () async -> Void, pass: () -> Bool
    ) -> Ending {
        Self.isHooked
        let thread = Self.thread
        Self.executors.withLock { $0[thread] = self }
        defer { Self.executors.withLock { $0[thread] = nil } }
        Task {
            await body()
            state.withLock { $0.isDone = true }
        }
        for _ in 0..<limit {
            let (job, isDone) = state.withLock { state in (state.take(), state.isDone) }
            if let job {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if isDone {
                return .done
            } else if !pass() {
                return .deadlock
            }
        }
        return .endless
    }

    func enqueue(_ job: consuming ExecutorJob) {
        add(UnownedJob(job))
    }

    private func add(_ job: UnownedJob) {
        state.withLock { $0.jobs.append(job) }
    }

    // MARK: Where the runtime puts jobs

    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    private static let executors = Mutex<[UInt: SeededExecutor]>([:])
    private static var thread: UInt { UInt(pthread_self()) }

    /// The runtime's hook is set once, and takes only what threads with an executor enqueue.
    private static let isHooked: Void = {
        guard let place = dlsym(dlopen(nil, RTLD_NOW), "swift_task_enqueueGlobal_hook") else {
            preconditionFailure("the runtime has no hook for global jobs")
        }
        place.assumingMemoryBound(to: Hook?.self).pointee = { job, original in
            let executor = SeededExecutor.executors.withLock { $0[SeededExecutor.thread] }
            if let executor { executor.add(job) } else { original(job) }
        }
    }()
}
