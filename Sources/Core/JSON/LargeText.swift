/// Where large texts become JSON one after the other: a tree takes many times its text's memory, and
/// its making a core, both of which the small ones need meanwhile.
package actor LargeText {
    package static let reader = LargeText()
    /// What has more bytes is large.
    package static let size = 64 << 10

    /// Reads a text: in its turn if it is large, else at once.
    /// - Parameter size: how many bytes it has.
    package nonisolated func read<Value: Sendable, Failure: Error>(
        size: Int, _ body: @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard size > Self.size else { return try body() }
        return try await inTurn(body)
    }

    private func inTurn<Value: Sendable, Failure: Error>(
        _ body: @Sendable () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body()
    }
}
