public import Foundation
internal import Yams

/// The devices that the operator lists in a YAML file.
///
/// ```yaml
/// defaults: {provider: redfish, username: admin, passwordFile: /etc/rackpool/bmc.password}
/// devices:
///   - {name: "r1u[01-20]", bmc: "https://10.0.1.[1-20]", labels: {rack: r1, sku: std}}
///   - {name: gpu1, bmc: "https://10.0.9.1", system: Node0, hostname: gpu1.example}
///   - {name: "old[01-20]", bmc: "ipmi://10.0.2.[1-20]", cipherSuites: [3]}
/// ```
///
/// A device has `name`, `provider`, `bmc`, `system`, `hostname`, `labels`, `username`, one of
/// `password`, `passwordFile` and `passwordEnv`, `timeout` (how long an answer of the BMC may
/// take, `60s`), and `tls: {ca: …}`; over IPMI, instead of `system` and `tls`, one of `kg`, `kgFile`
/// and `kgEnv`, a list of `cipherSuites`, `privilege`, `retryAfter` and a list of `quirks`. Without
/// `provider`, the address tells it: `ipmi://` means `ipmi`. `defaults` holds what is the same for
/// all that it suits; a device's own labels are added to the default ones, its password and its
/// `tls` replace them. Paths are relative to the inventory's folder. Numbers and truth values are taken
/// as the text that they are written as. ``HostList`` says how ranges expand: those of one device
/// run side by side with those of its name, and a text without a range is the same for all.
public struct Inventory: Sendable, Hashable {
    /// The devices, in the order of the file.
    public let devices: [Device]
    /// The file as it was named by whoever asked for it; nil for one that is in no file.
    public let file: String?
    /// What should be mended and need not, a sentence each: secrets that others can read, in files or on
    /// the way.
    public let warnings: [String]
    private let lines: [String: Int]

    /// An inventory of devices that are known to be sound.
    public init(devices: [Device]) {
        self.devices = devices
        file = nil
        warnings = []
        lines = [:]
    }

    /// The line of the file, from 1, in which a device is listed; nil if there is none.
    public func line(of name: String) -> Int? { lines[name] }

    /// A text about a device with its place before it, as mistakes have it:
    /// `inventory.yaml:14: r1u07: …`.
    public func told(_ text: String, of name: String) -> String {
        let place = [file, line(of: name).map { "\($0)" }].compactMap { $0 }
        return (place.isEmpty ? "" : place.joined(separator: ":") + ": ") + "\(name): \(text)"
    }

    /// Reads an inventory with the files that it names, of secrets and certificates.
    /// - Parameters:
    ///   - path: the YAML file, at most 64 MiB.
    ///   - environment: where `passwordEnv` looks.
    ///   - providers: the names of the providers that exist.
    /// - Throws: ``InventoryError`` with all mistakes.
    public init(
        contentsOfFile path: String,
        environment: [String: String] = ProcessInfo.processInfo.environment, providers: [String]
    ) throws(InventoryError) {
        let bytes: [UInt8]
        let othersMayRead: Bool
        do {
            (bytes, othersMayRead) = try InventoryFiles.contents(of: path, maximumSize: 64 << 20)
        } catch {
            throw InventoryError(file: path, message: error.message)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let sound = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            throw InventoryError(file: path, line: sound.lineCount, message: "this is not UTF-8")
        }
        try self.init(
            parsing: text, file: path, environment: environment, providers: providers,
            limits: InventoryLimits(), othersMayRead: othersMayRead)
    }

    /// Reads an inventory from a text. Its ranges may stand for 100,000 devices and a million
    /// texts in all.
    /// - Parameters:
    ///   - text: the YAML text.
    ///   - file: the name of its file, for messages and to find the files that it names.
    ///   - environment: where `passwordEnv` looks.
    ///   - providers: the names of the providers that exist.
    /// - Throws: ``InventoryError`` with all mistakes.
    public init(
        parsing text: String, file: String,
        environment: [String: String] = ProcessInfo.processInfo.environment, providers: [String]
    ) throws(InventoryError) {
        try self.init(
            parsing: text, file: file, environment: environment, providers: providers,
            limits: InventoryLimits())
    }

    init(
        parsing text: String, file: String, environment: [String: String], providers: [String],
        limits: InventoryLimits, othersMayRead: Bool = false
    ) throws(InventoryError) {
        let root = try Self.compose(text, file: file)
        var reader = InventoryReader(
            file: file, environment: environment, providers: providers, limits: limits)
        if let root {
            reader.read(root)
        } else {
            reader.report("the file is empty; it needs \"devices\"", at: InventoryPlace(line: 1))
        }
        devices = try reader.finish()
        warnings = reader.warnings(othersMayRead: othersMayRead)
        self.file = file
        lines = reader.register.lines
    }
}

/// Two inventories are the same if they list the same devices in the same order.
extension Inventory {
    public static func == (left: Inventory, right: Inventory) -> Bool {
        left.devices == right.devices
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(devices) }
}

// MARK: - YAML

extension Inventory {
    private static func compose(_ text: String, file: String) throws(InventoryError) -> Node? {
        // libyaml refuses the byte order mark that some editors write.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        do {
            // The basic resolver leaves all scalars as they are written. The encoding is named
            // because Yams otherwise asks the environment.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            let fault = error.fault
            throw InventoryError(
                file: file, line: fault.line, column: fault.column, message: fault.message)
        } catch {
            throw InventoryError(file: file, message: "this is not YAML")
        }
    }
}

extension InventoryError {
    fileprivate init(file: String, line: Int = 0, column: Int = 0, message: String) {
        let place = InventoryPlace(line: line, column: column)
        self.init(mistakes: [InventoryMistake(file: file, place: place, message: message)])
    }
}

extension StringProtocol {
    /// The number of the line that the text ends in.
    fileprivate var lineCount: Int {
        1 + utf8.count { $0 == UInt8(ascii: "\n") }
    }
}

extension YamlError {
    /// The error's place and words. Its own description quotes the line, which may hold a
    /// password; libyaml's words are fixed texts.
    fileprivate var fault: (line: Int, column: Int, message: String) {
        switch self {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let start = context.map { " \($0.text) (from line \($0.mark.line))" } ?? ""
            return (mark.line, mark.column, problem + start)
        case .reader(let problem, let offset, _, let yaml):
            return (yaml.prefix(offset ?? 0).lineCount, 0, problem)
        case .duplicatedKeysInMapping(let keys, let context):
            // What stands in a key's place may be a misplaced password, unless it is a known key.
            let known = Set(InventoryEntry.keys + InventoryEntry.tlsKeys + InventoryReader.keys)
            let names = keys.filter(known.contains).map { "\"\($0)\"" }.joined(separator: " and ")
            return (
                context.mark.line, context.mark.column,
                names.isEmpty ? "a key is given twice" : "the key \(names) is given twice"
            )
        case .memory:
            return (0, 0, "nested too deep")
        default:
            return (0, 0, "this is not YAML")
        }
    }
}
