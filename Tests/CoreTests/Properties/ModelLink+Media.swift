import Core
import Synchronization

extension ModelLink {
    func insertMedia(_ image: MediaImage, into device: Device) async throws(ProviderError) {
        try moveMedia(to: image.url, "media in", on: device) {
            $0.phase == .provisioning(.starting)
        }
    }

    func ejectMedia(_ image: MediaImage, from device: Device) async throws(ProviderError) {
        try moveMedia(to: nil, "media out", on: device) { $0.phase == .releasing }
    }

    // Media are for a device that is off: none is put under a running system or taken from it.
    private func moveMedia(
        to url: String?, _ command: String, on device: Device, allows: (Claim) -> Bool
    ) throws(ProviderError) {
        try spendCommand()
        rack.state.withLock { state in
            state.checkCommand(command, on: device.name, allows: allows)
            if state.machines[device.name]?.power == .on {
                state.violations.append("\(command) went to \(device.name), which is on")
            }
        }
        let machine = try machine(of: device)
        if machine.condition == .deaf {
            throw ProviderError(.refused, "took the command, and shows no change")
        }
        rack.change(device.name) { $0.media = url }
        if machine.condition == .losesAnswers {
            throw ProviderError(.unreachable, "the answer was lost", mayHaveActed: true)
        }
    }
}
