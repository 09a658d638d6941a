/// One way in which BMCs in the racks differ from the standard, or from each other within it. A
/// rack may speak several at once.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case fewSessions = "few-sessions"
    case mediaAsUSBCD = "media-as-usb-cd"
    case mediaByPatch = "media-by-patch"
    case mediaImageOnly = "media-image-only"
    case mediaKeepsImage = "media-keeps-image"
    case mediaMuteRefusal = "media-mute-refusal"
    case mediaNeedsMethod = "media-needs-method"
    case mediaNeedsProtocol = "media-needs-protocol"
    case mediaNeedsUser = "media-needs-user"
    case mediaNFSPath = "media-nfs-path"
    case mediaSlow = "media-slow"
    case noETag = "no-etag"
    case slow
    case strictETag = "strict-etag"
    case strictReset = "strict-reset"

    /// What the BMC does, in one line for a person.
    public var summary: String {
        switch self {
        case .fewSessions:
            "holds two sessions; a third login is refused with 503, whoever asks (iDRAC)"
        case .mediaAsUSBCD: "boots virtual CDs as UsbCd, and nothing as Cd (Supermicro X11)"
        case .mediaByPatch:
            "has no actions on virtual media: PATCH of Image and Inserted (Lenovo SD530)"
        case .mediaImageOnly: "takes no parameter of InsertMedia but Image (Supermicro X11)"
        case .mediaKeepsImage: "leaves the Image of ejected virtual media behind (Supermicro)"
        case .mediaMuteRefusal:
            "refuses InsertMedia without TransferProtocolType, and does not say why"
        case .mediaNeedsMethod: "refuses InsertMedia without TransferMethod"
        case .mediaNeedsProtocol: "refuses InsertMedia without TransferProtocolType (Nokia)"
        case .mediaNeedsUser: "refuses InsertMedia without UserName and Password (NVIDIA DGX)"
        case .mediaNFSPath: "takes an image on NFS as host:/path, not as a URL (Lenovo XCC)"
        case .mediaSlow: "shows a change of virtual media at the third look only"
        case .noETag: "sends no ETag and looks at none"
        case .slow: "takes a second for every answer"
        case .strictETag: "refuses a change without If-Match, with 428"
        case .strictReset: "refuses a reset to the present state, with 409"
        }
    }
}
