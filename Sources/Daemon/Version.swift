import InfraKit

/// Which release this is.
enum Version {
    static let number = "0.1.0"
    static let text = "rackpool \(number) (InfraKit instance SPI 0.6.1)"
    static let vendor = PluginVendor(
        name: "Rackpool", version: number, url: "https://github.com/rackpool/rackpool")
}
