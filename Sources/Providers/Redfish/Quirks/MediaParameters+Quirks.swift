internal import Core

/// What BMCs make of the parameters of `InsertMedia` beside the image, as learnt by
/// openstack/sushy (`resources/manager/virtual_media.py` and its release notes).
extension MediaParameters {
    /// Parameters that an answer may demand or refuse.
    ///
    /// `TransferProtocolType`: demanded by Nokia servers. `TransferMethod`: demanded by others
    /// (sushy, `is_transfer_method_required`). `Inserted` and `WriteProtected`: refused by
    /// Supermicro X11 and X12. `UserName` and `Password`: demanded by NVIDIA DGX, whatever they are.
    static let quirks = [
        "TransferProtocolType", "TransferMethod", "Inserted", "WriteProtected", "UserName",
        "Password",
    ]

    /// What is tried once where a BMC refuses and does not say why.
    static let common = ["TransferProtocolType", "Inserted", "WriteProtected"]

    /// What a change of the drive itself must say beside the image: a Lenovo SD530 attaches nothing
    /// without `Inserted`.
    static let demandedByPatch = ["Inserted", "WriteProtected"]
}

extension MediaImage {
    /// How else the image's place is written, for services that take no URL of NFS: `host:/path`
    /// (lenovo/python-redfish-lenovo, for XCC).
    var otherForm: String? { transferProtocol == .nfs ? "\(host):\(path)" : nil }
}
