/// A provider whose BMCs can report by themselves that something happened.
public protocol EventSource: Provider {
    /// Listens to a device's BMC until the task is cancelled, and calls `alert` whenever it reports
    /// something that a look may find. Losing the connection, or a BMC that reports nothing, ends
    /// nothing and is no error: it is tried again, after pauses that grow.
    /// - Parameter alert: is told why, in a person's words; may be called any number of times.
    func listen(
        to device: Device, alert: @escaping @Sendable (_ reason: String) async -> Void) async
}
