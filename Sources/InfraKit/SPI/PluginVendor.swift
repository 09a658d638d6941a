/// Who made a plugin (docker/infrakit, `spi.VendorInfo`).
public struct PluginVendor: Sendable, Hashable {
    public var name: String
    public var version: String
    /// A further part of the name, usually empty.
    public var sub: String
    /// Where a person finds help.
    public var url: String

    public init(name: String, version: String, sub: String = "", url: String) {
        self.name = name
        self.version = version
        self.sub = sub
        self.url = url
    }
}
