internal import Core
internal import IPMIWire

/// Reads by what a machine is known: the system's GUID, and the serial number of the product, else
/// of the chassis, in the inventory of the part that the BMC sits on. What is not told is left out.
enum IdentityReader {
    /// A BMC that returns eight bytes at a time takes some forty requests for both areas.
    private static let maximumRequests = 48

    /// - Returns: what was told, and whether the BMC would tell no more if it were asked again.
    static func read(
        over connection: any IPMIConnection
    ) async throws(IPMIFailure) -> (identity: SystemIdentity, isFinal: Bool) {
        var budget = RequestBudget(connection, limit: maximumRequests)
        let guid = try await budget.ask(GetSystemGUID())
        var isFinal = true
        if case .refused(let code) = guid { isFinal = !code.isTransient }
        var reader = FRUReader()
        var serialNumber: String?
        for area in [FRUReader.Areas.product, .chassis] where serialNumber == nil {
            let inventory = try await reader.inventory(of: 0, areas: area, &budget)
            guard let inventory else { break }
            serialNumber = inventory.identifyingSerialNumber
        }
        let identity = SystemIdentity(uuid: guid.response?.uuid, serialNumber: serialNumber)
        return (identity, isFinal && !reader.wasBusy)
    }
}

extension FRUInventory {
    /// The first that is no placeholder, and stands in an area that is whole.
    fileprivate var identifyingSerialNumber: String? {
        let candidates = [
            product.flatMap { $0.hasValidChecksum ? $0.serialNumber : nil },
            chassis.flatMap { $0.hasValidChecksum ? $0.serialNumber : nil },
        ]
        return candidates.lazy.compactMap { SystemIdentity(serialNumber: $0).serialNumber }.first
    }
}
