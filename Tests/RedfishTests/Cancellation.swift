/// Waits for the calling task's cancellation.
enum Cancellation {
    /// Returns when the task is cancelled, and not before.
    static func arrival() async {
        let (never, hold) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        hold.finish()
    }
}
