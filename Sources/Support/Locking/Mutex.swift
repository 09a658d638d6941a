@_exported public import Synchronization

#if RACKPOOL_THREAD_SANITIZER
    internal import Glibc

    /// Stands in for `Synchronization.Mutex` where ThreadSanitizer looks on: waiting for the standard
    /// library's mutex happens in a library that is not instrumented, so that every lock that was
    /// fought for would be reported as a race. pthread's mutex is known to the sanitizer.
    public struct Mutex<Value: ~Copyable>: ~Copyable {
        private let handle: UnsafeMutablePointer<pthread_mutex_t>
        private let value: UnsafeMutablePointer<Value>

        public init(_ initialValue: consuming sending Value) {
            handle = .allocate(capacity: 1)
            handle.initialize(to: pthread_mutex_t())
            pthread_mutex_init(handle, nil)
            value = .allocate(capacity: 1)
            value.initialize(to: initialValue)
        }

        deinit {
            pthread_mutex_destroy(handle)
            handle.deallocate()
            value.deinitialize(count: 1)
            value.deallocate()
        }

        public borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            pthread_mutex_lock(handle)
            defer { pthread_mutex_unlock(handle) }
            return try body(&value.pointee)
        }
    }

    // The value is reached under the lock alone.
    extension Mutex: @unchecked Sendable where Value: ~Copyable {}
#endif
