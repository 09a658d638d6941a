internal import Core
internal import FuzzClock
internal import HTTPClient
internal import Logging
internal import Redfish

/// A device whose BMC answers from a script.
struct FuzzedDevice {
    private let provider: RedfishProvider
    private let device = Device(
        name: "d1", bmc: "https://bmc",
        credentials: Credentials(username: "admin", password: Secret("hunter2")))

    init(_ script: AnswerScript) {
        provider = RedfishProvider(
            http: HTTPClient { _ throws(HTTPError) in try script.next() },
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            time: StandingClock())
    }

    /// What is done to the device.
    enum Operation: Int, CaseIterable {
        case observe, facts, power, boot, examine, inspect
    }

    /// An error is as good as an answer, unless it shows the password or runs on.
    func exercise(_ operation: Operation) async {
        do throws(ProviderError) {
            switch operation {
            case .observe: _ = try await provider.observe(device)
            case .facts: _ = try await provider.facts(of: device)
            case .power: try await provider.setPower(.on, of: device)
            case .boot:
                let boot = BootOverride(target: .pxe, mode: .uefi)
                try await provider.setBoot(boot, of: device)
            case .examine: _ = try await provider.examine(device)
            case .inspect: _ = try await provider.inspect(device)
            }
        } catch {
            precondition(!error.message.contains("hunter2"), "the password shows: \(error.message)")
            precondition(error.message.utf8.count < 16_384, "the message is endless")
        }
        await provider.shutdown()
    }
}
