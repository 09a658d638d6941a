internal import Core
internal import IPMIWire

/// What a machine is, from the areas of its inventory (IPMI Platform Management FRU v1.3, 10 to
/// 12). The product is what was bought; where a maker left it blank, the board or the chassis tells.
extension FRUInventory {
    var manufacturer: String? { Self.first(product?.manufacturer, board?.manufacturer) }

    var model: String? { Self.first(product?.name, board?.productName) }

    var serialNumber: String? {
        Self.first(product?.serialNumber, chassis?.serialNumber, board?.serialNumber)
    }

    /// The first that is more than blanks or a placeholder, without blanks around it.
    private static func first(_ texts: String?...) -> String? {
        texts.lazy.compactMap { text in
            // A maker's placeholder is none.
            guard let text = SystemIdentity(serialNumber: text).serialNumber else { return nil }
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }.first
    }
}
