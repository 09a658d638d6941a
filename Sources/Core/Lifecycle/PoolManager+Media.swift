internal import Logging

/// A BMC that has a drive for the media refused it.
struct MediaRefusal: Error, CustomStringConvertible {
    let description: String
}

extension PoolManager {
    /// After so many refusals of the media no further device is tried for a provision: it may well
    /// be the image that is wrong, and each try costs a device minutes.
    static let mostMediaRefusals = 3

    /// Attaches the media of a claim that is ``Claim/ProvisioningStep/starting``: that step is on
    /// disk, so a restart knows that the media may be attached.
    func insert(_ media: MediaImage, _ driver: DeviceDriver) async throws {
        do {
            try await driver.provider.insertMedia(media, into: driver.device)
        } catch {
            if error.isIncapable {
                await pool.noteLackOfMedia(of: driver.device.name)
                throw error
            }
            switch error.kind {
            case .refused, .malformed: throw MediaRefusal(description: error.message)
            case .unreachable, .busy, .unauthorised, .untrusted: throw error
            }
        }
    }

    /// Takes the claim's own media out of a device that is off.
    ///
    /// A BMC that does not answer now is tried again like one that does not power off: an image
    /// that is left in a drive would keep the next one out. One that refuses holds nothing up.
    func eject(_ claim: Claim, _ driver: DeviceDriver) async throws {
        guard let properties = try? SpecProperties(parsing: claim.spec.properties),
            let media = properties.media
        else { return }
        do {
            try await driver.provider.ejectMedia(media, from: driver.device)
        } catch {
            guard !error.isPassing, !Task.isCancelled else { throw error }
            logger.warning(
                "\(claim.id): \(driver.device.described("media not ejected: \(error)"))")
        }
    }
}
