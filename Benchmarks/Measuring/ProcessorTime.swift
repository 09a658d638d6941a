import Glibc

/// Processor time, user and system together (getrusage(2)).
enum ProcessorTime {
    /// Of this process, all its threads.
    static var own: Duration { used(by: RUSAGE_SELF) }
    /// Of the children that have ended.
    static var children: Duration { used(by: RUSAGE_CHILDREN) }

    private static func used(by who: __rusage_who) -> Duration {
        var usage = rusage()
        getrusage(__rusage_who_t(who.rawValue), &usage)
        return duration(usage.ru_utime) + duration(usage.ru_stime)
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
}
