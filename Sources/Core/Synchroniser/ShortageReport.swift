internal import Logging

/// Tells once when looks fail for what this machine itself lacks, and once when none does any more.
struct ShortageReport: Sendable {
    /// The devices whose last look failed so.
    private var lacking: Set<String> = []

    /// Takes in looks, by device.
    /// - Parameter listed: the devices that there are.
    mutating func take(
        _ looks: [String: Look], among listed: some Collection<String>, _ logger: Logger
    ) {
        let wasLacking = !lacking.isEmpty
        var example: String?
        for (name, look) in looks.sorted(by: { $0.key < $1.key }) {
            if let reason = look.shortage {
                example = example ?? reason
                lacking.insert(name)
            } else {
                lacking.remove(name)
            }
        }
        lacking.formIntersection(listed)
        switch (wasLacking, lacking.isEmpty) {
        case (false, false):
            logger.error(
                "this machine lacks what it takes to look at \(lacking.count) devices, which counts against none of them; nothing is moved for that: \(example ?? "")"
            )
        case (true, true):
            logger.notice("this machine has what it takes to look at all devices again")
        case (true, false), (false, true): break
        }
    }
}
