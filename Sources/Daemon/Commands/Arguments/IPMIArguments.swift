import ArgumentParser
import Core
import Foundation

/// How a BMC is spoken to over IPMI.
struct IPMIArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "IPMI: a file with the BMC's own key (K_g), where it has one.", valueName: "file"))
    var kgFile: String?

    @Option(
        help: ArgumentHelp(
            "IPMI: the environment variable with the BMC's own key.", valueName: "variable"))
    var kgEnv: String?

    @Option(
        help: ArgumentHelp(
            "IPMI: the cipher suites to try, in order. (default: 17,3)", valueName: "numbers"))
    var cipherSuites: String?

    @Option(
        help: ArgumentHelp(
            "IPMI: user, operator or administrator. (default: administrator, else operator)",
            valueName: "privilege"))
    var privilege: String?

    @Option(
        help: ArgumentHelp(
            "IPMI: how long an answer is waited for before a question is sent again, such as 3s.",
            valueName: "time"))
    var retryAfter: String?

    /// Adds what was given to a device as an inventory lists it.
    func add(to entry: inout JSONObject) {
        entry["kgFile"] = kgFile.map { JSON.string(URL(fileURLWithPath: $0).path) }
        entry["kgEnv"] = kgEnv.map { JSON.string($0) }
        entry["cipherSuites"] = cipherSuites.map { text in
            .array(
                text.split(separator: ",", omittingEmptySubsequences: false).map {
                    JSON.string(String($0))
                })
        }
        entry["privilege"] = privilege.map { JSON.string($0) }
        entry["retryAfter"] = retryAfter.map { JSON.string($0) }
    }
}
