import InfraKit
import Core
import HTTPClient
import Logging

/// Switches one device after the other, each its own way.
struct PowerPerformer: Sendable {
    let request: PowerRequest
    let providers: Providers
    let logger: Logger

    func perform(_ target: PowerPlan.Target) async -> PowerResult {
        PowerResult(device: target.name, outcome: await outcome(of: target))
    }

    private func outcome(of target: PowerPlan.Target) async -> PowerResult.Outcome {
        switch target.way {
        case .refused(let reason): return .failure(reason)
        case .plugin(let client):
            do {
                let answer = try await client.call(
                    "Rackpool.Power", request.params(for: target.name), timeout: patience)
                return .report(PowerReport(answer))
            } catch {
                return .failure("\(error)")
            }
        case .direct(let device, let claimed, let others):
            do {
                let provider = try providers.provider(of: device)
                if let claimed { try await check(device, provider, is: claimed) }
                if let others {
                    let seen = try await provider.observe(device).identity
                    if let refusal = others.refusal(of: device, seen: seen) {
                        return .failure(refusal)
                    }
                }
                var times = ReconcilerTimes()
                times.powerChange = request.timeout
                let driver = PowerDriver(
                    device: device, provider: provider, times: times, logger: logger)
                return .report(try await driver.perform(request.action))
            } catch {
                return .failure(device.described("\(error)"))
            }
        }
    }

    /// - Throws: if another machine stands there than the one that the state says is claimed.
    private func check(
        _ device: Device, _ provider: any Provider, is claimed: Machine
    ) async throws {
        let seen = try await provider.observe(device).identity
        let wanted = claimed.identity
        guard wanted.comparison(with: seen).isSame == false else { return }
        throw ProviderError(
            .refused,
            "not switched: another machine stands here: \(seen.displayed ?? "unknown"), claimed was"
                + " \(wanted.displayed ?? "unknown"); if that one is gone, end its claim (rackpool"
                + " forget)")
    }

    // A cycle may be a switch off and a switch on, and each request to a BMC has its own limit.
    private var patience: Duration {
        let grace: Duration = if case .off(let grace) = request.action { grace } else { .zero }
        return request.timeout * 2 + grace + .seconds(300)
    }
}
