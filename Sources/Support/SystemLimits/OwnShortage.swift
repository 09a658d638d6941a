internal import Glibc

/// What this machine lacks itself, so that it says nothing about whom it wanted to reach.
///
/// The one place where that is decided: whoever speaks to BMCs sorts the system's errors by it.
public enum OwnShortage {
    // errno(3), connect(2), sendto(2), pthread_create(3).
    private static let numbers: Set<CInt> = [
        // Descriptors: of this process, of the system.
        EMFILE, ENFILE,
        // Memory, threads, and room in the kernel's queues.
        ENOMEM, ENOBUFS, EAGAIN,
        // No port of this machine, or no address, is left to connect from.
        EADDRNOTAVAIL,
        // No route at all, or the interface is down. A host that a router does not find is
        // EHOSTUNREACH, and may be the host's own doing.
        ENETUNREACH, ENETDOWN,
        // A rule of this machine's own firewall (iptables(8), REJECT and DROP in OUTPUT).
        EPERM, EACCES,
    ]

    /// Whether an error number of the system's tells of a lack on this side.
    public static func isMeant(by number: CInt) -> Bool { numbers.contains(number) }
}
