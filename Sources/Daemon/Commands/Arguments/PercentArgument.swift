import ArgumentParser

/// A share on the command line: `40%` or `40`.
struct PercentArgument: ExpressibleByArgument, Sendable {
    let percent: Double

    init(_ percent: Double) {
        self.percent = percent
    }

    init?(argument: String) {
        let number = argument.hasSuffix("%") ? String(argument.dropLast()) : argument
        guard let percent = Double(number), percent > 0, percent <= 100 else { return nil }
        self.percent = percent
    }

    var defaultValueDescription: String { "\(Int(percent))%" }
}
