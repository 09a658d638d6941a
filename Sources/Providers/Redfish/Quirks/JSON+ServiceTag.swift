internal import Core

extension JSON {
    /// Dell's service tag of a system: its `SKU`, five to seven letters and digits (iDRAC 7 and
    /// later; `SerialNumber` is the board's). Other vendors' `SKU` is a product number, which
    /// many machines have in common.
    var serviceTag: String? {
        let isDell =
            self["Oem"]?["Dell"] != nil
            || text("Manufacturer")?.lowercased().hasPrefix("dell") == true
        guard isDell, let tag = text("SKU"), (5...7).contains(tag.count),
            tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        return tag
    }
}
