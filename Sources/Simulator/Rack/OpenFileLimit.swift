internal import Foundation

/// The limit on the files and sockets that this process may have open (`RLIMIT_NOFILE`).
public enum OpenFileLimit {
    /// Raises the limit as far as this process may.
    /// - Returns: the limit from now on.
    @discardableResult
    public static func raise() -> Int {
        var limit = rlimit()
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let raised = setrlimit(resource, &limit) == 0
        return Int(clamping: raised ? limit.rlim_max : soft)
    }
}
