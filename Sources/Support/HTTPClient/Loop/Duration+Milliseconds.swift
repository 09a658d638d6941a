extension Duration {
    /// The duration in milliseconds, rounded up so that a wait never ends early; 0 if it is
    /// negative, and at most what libcurl's and epoll's `int` holds.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < Int64(CInt.max / 1000) else { return Int(CInt.max) }
        return Int(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
