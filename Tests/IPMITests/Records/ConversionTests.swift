import IPMIWire
import Randomness
import Testing

@Suite("Conversion of raw readings") struct ConversionTests {
    struct Case: Sendable {
        let raw: UInt8
        let factors: SensorFactors
        var format = SensorUnits.Format.unsigned
        var linearisation = Linearisation.linear
        let value: Double?
    }

    // By the formula of IPMI v2.0 36.3: y = L[(M x + B 10^K1) 10^K2].
    @Test(
        "follows the formula",
        arguments: [
            Case(raw: 95, factors: SensorFactors(multiplier: 1), value: 95),
            Case(raw: 200, factors: SensorFactors(multiplier: 60, resultExponent: -3), value: 12),
            Case(
                raw: 10,
                factors: SensorFactors(
                    multiplier: 5, offset: -2, resultExponent: -1, offsetExponent: 1), value: 3),
            Case(
                raw: 0xF6, factors: SensorFactors(multiplier: 1), format: .twosComplement,
                value: -10),
            Case(
                raw: 0xF5, factors: SensorFactors(multiplier: 1), format: .onesComplement,
                value: -10),
            Case(
                raw: 0x7F, factors: SensorFactors(multiplier: 1), format: .onesComplement,
                value: 127),
            Case(raw: 50, factors: SensorFactors(multiplier: 100), value: 5000),
            Case(raw: 1, factors: SensorFactors(multiplier: 1, resultExponent: 7), value: 1e7),
            Case(
                raw: 255,
                factors: SensorFactors(multiplier: 511, resultExponent: 7, offsetExponent: 7),
                value: 1_303_050_000_000),
            Case(
                raw: 4, factors: SensorFactors(multiplier: 1),
                linearisation: Linearisation(rawValue: 7),
                value: 0.25),
            Case(
                raw: 0, factors: SensorFactors(multiplier: 1),
                linearisation: Linearisation(rawValue: 7),
                value: nil),
            Case(
                raw: 8, factors: SensorFactors(multiplier: 1),
                linearisation: Linearisation(rawValue: 3),
                value: 3),
            Case(
                raw: 9, factors: SensorFactors(multiplier: 1),
                linearisation: Linearisation(rawValue: 10),
                value: 3),
            Case(
                raw: 9, factors: SensorFactors(multiplier: -1),
                linearisation: Linearisation(rawValue: 10), value: nil),
            Case(
                raw: 3, factors: SensorFactors(multiplier: 1),
                linearisation: Linearisation(rawValue: 6),
                value: 8),
            Case(
                raw: 255, factors: SensorFactors(multiplier: 511, resultExponent: 7),
                linearisation: Linearisation(rawValue: 4), value: nil),
            Case(raw: 1, factors: SensorFactors(multiplier: 1), format: .statesAlone, value: nil),
            Case(
                raw: 1, factors: SensorFactors(multiplier: 1),
                linearisation: Linearisation(rawValue: 0x30),
                value: nil),
        ])
    func formula(_ given: Case) {
        #expect(
            given.factors.value(of: given.raw, format: given.format, given.linearisation)
                == given.value)
    }

    @Test("never traps, whatever the factors are")
    func extremes() throws {
        var generator = SeededNumbers(seed: 1)
        for _ in 0..<5_000 {
            let bytes = (0..<6).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let factors = try read(bytes, as: SensorFactors.self)
            #expect(wire(factors) == bytes)
            let value = factors.value(
                of: .random(in: 0...255, using: &generator),
                format: SensorUnits.Format(rawValue: .random(in: 0...3, using: &generator))
                    ?? .unsigned,
                Linearisation(rawValue: .random(in: 0...255, using: &generator)))
            #expect(value.map(\.isFinite) ?? true)
        }
    }
}
