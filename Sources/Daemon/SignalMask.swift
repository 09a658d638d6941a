import Foundation

/// The signals that are held back from this process.
enum SignalMask {
    /// Lets all signals through. A parent that starts us from a worker thread of Dispatch hands
    /// down a mask that holds back SIGTERM.
    static func clear() {
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
    }
}
