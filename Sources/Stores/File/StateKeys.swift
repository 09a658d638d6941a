internal import Core

/// The members that we read and write ourselves.
enum StateKeys {
    static let root: Set = ["Provider", "Instances", "NonFunctional"]
    static let provider: Set = ["Format", "Sequence", "Journal", "Devices"]
    /// `Phase` is format 2's word for `State`, and `Version` for `Revision`.
    static let entry: Set = [
        "ID", "LogicalID", "Tags", "Device", "State", "Phase", "Step", "Spec", "ClaimedAt",
        "Failure", "Power", "Machine", "Order", "Revision", "Version",
    ]
    /// `LastLogicalID` is format 2's word for `LastCarrier`.
    static let mark: Set = [
        "LastCarrier", "LastLogicalID", "Machine", "ReleaseOrder", "Cordon", "UnconfirmedOn",
        "Revision",
        "Version",
    ]
    static let spec: Set = ["Properties", "Init", "Attachments"]
    static let failure: Set = ["Since", "Reasons", "Cause"]
    static let power: Set = ["PendingOns", "LastOn", "Answered", "ConfirmedOff"]
    static let machine: Set = [
        "Provider", "BMC", "System", "UUID", "SerialNumber", "ServiceTag", "Unreliable",
    ]
    static let lastCarrier: Set = ["LogicalID", "Group", "Sequence"]
    static let cordon: Set = ["Since", "Reason"]

    /// The highest number that is read, here and in the journal. Far from what JSON can hold, so that
    /// whoever counts on from there needs no care: no state comes this far, only a damaged one.
    static let highestNumber: UInt64 = 1 << 62
}
