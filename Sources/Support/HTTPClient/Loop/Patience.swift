/// How long a server may keep silent. Says when to look again, and what is wrong then.
///
/// libcurl's own measure (CURLOPT_LOW_SPEED_TIME) is a mean over five seconds in whole bytes a
/// second, which takes the few bytes that keep an event stream alive for silence.
struct Patience {
    private let timeout: Duration
    private let stallTimeout: Duration?
    /// When the header must be there; nil if libcurl sees to it, or it is there.
    private var headDeadline: ContinuousClock.Instant?
    private var lastByte: ContinuousClock.Instant?
    private var isPaused = false

    init(_ request: HTTPRequest, isStreamed: Bool, now: ContinuousClock.Instant = .now) {
        timeout = request.timeout
        stallTimeout = request.stallTimeout
        headDeadline = isStreamed ? now + request.timeout : nil
    }

    /// Bytes of the answer came.
    mutating func heard(at now: ContinuousClock.Instant = .now) {
        if stallTimeout != nil { lastByte = now }
    }

    /// The header is there.
    mutating func begin() { headDeadline = nil }

    /// It is the reader who lets the server wait.
    mutating func pause() { isPaused = true }

    mutating func resume(at now: ContinuousClock.Instant = .now) {
        isPaused = false
        heard(at: now)
    }

    /// When ``fault(at:)`` is worth asking; nil if never.
    var nextCheck: ContinuousClock.Instant? {
        let stall = stallTimeout.map { (isPaused ? .now : lastByte ?? .now) + $0 }
        guard let headDeadline else { return stall }
        return min(headDeadline, stall ?? headDeadline)
    }

    /// Why the wait is over, or nil.
    func fault(at now: ContinuousClock.Instant) -> String? {
        if let headDeadline, headDeadline <= now { return "no answer within \(timeout)" }
        guard !isPaused, let lastByte, let stallTimeout, lastByte + stallTimeout <= now else {
            return nil
        }
        return "the answer stopped halfway: nothing came for \(stallTimeout)"
    }
}
