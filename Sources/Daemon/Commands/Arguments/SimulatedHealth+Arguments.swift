public import ArgumentParser
public import Simulator

extension SimulatedHealth: ExpressibleByArgument {
    public init?(argument: String) { self.init(word: argument) }

    public static var allValueStrings: [String] { allCases.map(\.word) }
}
