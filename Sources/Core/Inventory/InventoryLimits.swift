/// How large an inventory may become by its ranges: without an end to that, a few lines that stand for
/// millions of devices would take minutes to read.
struct InventoryLimits: Sendable {
    /// How many devices ranges may stand for in all.
    var devices = HostList.maximumCount
    /// How many texts of all keys ranges may stand for in all.
    var texts = 10 * HostList.maximumCount
}
