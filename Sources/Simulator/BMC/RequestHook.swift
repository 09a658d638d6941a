/// A test's way into what a BMC does with a request. It is asked twice, before the request is
/// carried out and before the answer is written, and the request waits as long as the hook does.
public typealias RequestHook = @Sendable (SimulatedRequest, RequestMoment) async -> RequestVerdict

/// Where a request stands when its ``RequestHook`` is asked.
public enum RequestMoment: Sendable {
    /// It was received; nothing was done yet.
    case arrived
    /// It was carried out, and this would be the answer.
    case executed(SimulatedAnswer)
}

/// What becomes of a request.
public enum RequestVerdict: Sendable {
    case proceed
    /// Goes on after a while.
    case delay(Duration)
    /// Answers this instead. At ``RequestMoment/arrived`` the request is not carried out.
    case answer(SimulatedAnswer)
    /// Closes the connection without an answer. At ``RequestMoment/arrived`` the request is not
    /// carried out.
    case drop
    /// Writes these bytes where an HTTP answer is due, and closes the connection.
    case garbage([UInt8])
    /// Never answers, and keeps the connection.
    case silence
}
