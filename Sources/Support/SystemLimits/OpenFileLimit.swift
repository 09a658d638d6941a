internal import Glibc

/// The limit on the descriptors (files and sockets) that this process may have open
/// (`RLIMIT_NOFILE`, getrlimit(2)).
public enum OpenFileLimit {
    /// Raises the limit as far as this process may.
    /// - Returns: the limit from now on; 0 if the system does not tell.
    @discardableResult
    public static func raise() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let raised = setrlimit(resource, &limit) == 0
        return Int(clamping: raised ? limit.rlim_max : soft)
    }

    /// Whether not one more descriptor is to be had now.
    public static var isReached: Bool {
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return errno == EMFILE || errno == ENFILE }
        close(file)
        return false
    }
}
