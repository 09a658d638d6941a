internal import Core
internal import IPMIWire

/// Something that is attempted at one device: commands to its BMC, whose failures become errors
/// that say what was attempted.
struct IPMIAttempt: Sendable {
    /// `power on`, as errors begin.
    let title: String
    let connection: any IPMIConnection
    let time: any TimeSource

    /// The pauses after refusals for a state that passes: as long as a busy BMC is waited for, see
    /// ``IPMITiming/busyBudget``.
    static let patience: [Duration] = [
        .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(4), .seconds(4),
        .seconds(4),
    ]

    func perform<Command: IPMICommand>(
        _ command: Command
    ) async throws(ProviderError) -> Command.Response {
        do throws(IPMIFailure) {
            return try await connection.perform(command)
        } catch {
            throw error.error(attempting: title)
        }
    }

    /// The outcome as it is, for those to whom a refusal tells something.
    func result<Command: IPMICommand>(
        of command: Command
    ) async -> Result<Command.Response, IPMIFailure> {
        do throws(IPMIFailure) {
            return .success(try await connection.perform(command))
        } catch {
            return .failure(error)
        }
    }

    /// Nil if the BMC answers and refuses for good, as those do that don't know a command, or says
    /// nothing to just this one; such an
    /// answer that makes no sense counts likewise.
    func performIfPossible<Command: IPMICommand>(
        _ command: Command
    ) async throws(ProviderError) -> Command.Response? {
        switch await result(of: command) {
        case .success(let response): return response
        case .failure(.malformed), .failure(.ignored): return nil
        case .failure(.refused(_, let code)) where !code.isTransient: return nil
        case .failure(let failure): throw failure.error(attempting: title)
        }
    }

    /// - Throws: `unreachable` if the task is cancelled meanwhile.
    func pause(for duration: Duration, mayHaveActed: Bool = false) async throws(ProviderError) {
        do {
            try await time.sleep(for: duration)
        } catch {
            throw ProviderError(
                .unreachable, "\(title) failed: cancelled", mayHaveActed: mayHaveActed)
        }
    }

    func refusal(_ reason: String, isIncapable: Bool = false) -> ProviderError {
        ProviderError(.refused, "\(title) refused: \(reason)", isIncapable: isIncapable)
    }
}

extension IPMIAttempt {
    /// How a step of several requests ends.
    func result<Value>(
        _ body: () async throws(ProviderError) -> Value
    ) async -> Result<Value, ProviderError> {
        do throws(ProviderError) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
