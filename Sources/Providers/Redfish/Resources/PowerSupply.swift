internal import Core

/// One power supply: a `PowerSupply` resource, or a member of `Power.PowerSupplies` (DSP2046).
struct PowerSupply {
    let names: [String?]
    let status: Status
    /// `input lost`; nil if nothing but its status speaks.
    let cause: String?
    /// Whether the input is gone, whatever the status says.
    let hasLostInput: Bool
    /// Whether it is switched off.
    let isOff: Bool
    /// What names it in links.
    let link: String?

    init(_ json: JSON) {
        names = [
            json["Location"]?["PartLocation"]?.text("ServiceLabel"), json.text("Name"),
            json.text("MemberId") ?? json.text("Id"),
        ]
        status = Status(json["Status"])
        isOff = json.isSwitchedOff
        link = json.text("@odata.id")
        let input = (json.text("LineInputStatus") ?? json.text("LineStatus"))?.lowercased()
        hasLostInput = input == "lossofinput"
        if hasLostInput || json.numeric("LineInputVoltage") == 0 {
            cause = "input lost"
        } else if input == "outofrange" {
            cause = "input out of range"
        } else {
            cause = json.powerSupplyFault ?? status.stateText
        }
    }
}
