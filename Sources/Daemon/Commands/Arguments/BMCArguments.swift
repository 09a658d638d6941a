import ArgumentParser
import Core
import Foundation

/// Which BMC a command speaks to, and who we are to it.
struct BMCArguments: ParsableArguments {
    @Argument(help: "The BMC's URL, such as https://10.0.1.7 or ipmi://10.0.1.7.")
    var url: String

    @Option(help: "The user to log in as; without one, nobody logs in.")
    var username: String?

    @Option(
        help: ArgumentHelp("A file with the password, readable by its owner.", valueName: "file"))
    var passwordFile: String?

    @Option(
        help: ArgumentHelp("The environment variable with the password.", valueName: "variable"))
    var passwordEnv: String?

    @Option(
        help: ArgumentHelp(
            "A PEM file with the authorities to trust instead of the system's.", valueName: "file"))
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "The SHA-256 fingerprint of the one certificate to accept.", valueName: "hex"))
    var fingerprint: String?

    @Flag(help: "Accept any certificate: whoever sits between can read the password.")
    var insecure = false

    /// The BMC as a device that an inventory would list, under the same rules.
    ///
    /// - Parameters:
    ///   - system: which of its systems is meant; nil for the only one, or none.
    ///   - ipmi: how it is spoken to over IPMI; nil if it can't be.
    func device(system: String? = nil, ipmi: IPMIArguments? = nil) throws -> Device {
        var entry: JSONObject = ["name": "bmc", "bmc": .string(url)]
        entry["system"] = system.map { JSON.string($0) }
        entry["username"] = username.map { JSON.string($0) }
        entry["passwordFile"] = passwordFile.map { JSON.string(Self.absolute($0)) }
        entry["passwordEnv"] = passwordEnv.map { JSON.string($0) }
        var tls = JSONObject()
        tls["ca"] = ca.map { JSON.string(Self.absolute($0)) }
        tls["fingerprint"] = fingerprint.map { JSON.string($0) }
        if insecure { tls["insecure"] = true }
        if !tls.isEmpty { entry["tls"] = .object(tls) }
        ipmi?.add(to: &entry)
        let inventory: Inventory
        let text: JSON = ["devices": .array([.object(entry)])]
        do throws(InventoryError) {
            inventory = try Inventory(
                parsing: text.description, file: "command line",
                providers: ipmi == nil ? ["redfish"] : Providers.names)
        } catch {
            throw ValidationError(error.mistakes.map(Self.told).joined(separator: "\n"))
        }
        for warning in inventory.warnings { Terminal.complain("warning: \(warning)") }
        guard let device = inventory.devices.first else {
            throw ValidationError("\(url): give a BMC's URL, such as https://10.0.1.7.")
        }
        return device
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).path
    }

    private static func told(_ mistake: InventoryMistake) -> String {
        let options = [
            "bmc": "URL", "username": "--username", "password": "--password-file",
            "passwordFile": "--password-file", "passwordEnv": "--password-env", "ca": "--ca",
            "fingerprint": "--fingerprint", "insecure": "--insecure", "system": "--system",
            "tls": "--ca, --fingerprint, --insecure", "kgFile": "--kg-file",
            "kgEnv": "--kg-env", "cipherSuites": "--cipher-suites", "privilege": "--privilege",
            "retryAfter": "--retry-after",
        ]
        let last = mistake.path.split(separator: ".").last ?? ""
        let key = String(last.prefix { $0 != "[" })
        return "\(options[key] ?? mistake.path): \(mistake.message)"
    }
}
