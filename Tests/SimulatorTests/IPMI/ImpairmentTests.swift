import Testing

@testable import Simulator

@Suite("An impaired network")
struct ImpairmentTests {
    @Test("a network that is not impaired brings every datagram at once")
    func none() {
        var path = ImpairedPath(Impairment(), number: 3)
        #expect((0..<100).allSatisfy { _ in path.arrivals() == [.zero] })
    }

    @Test("datagrams are lost, doubled and late about as often as is asked for")
    func shares() {
        let impairment = Impairment(
            loss: 0.1, duplication: 0.05, reordering: 0.05, delay: .milliseconds(20))
        var path = ImpairedPath(impairment, number: 0)
        let fates = (0..<20_000).map { _ in path.arrivals() }
        let lost = fates.filter(\.isEmpty).count
        let doubled = fates.filter { $0.count == 2 }.count
        let late = fates.filter { $0.first.map { $0 > .milliseconds(20) } ?? false }.count
        #expect((1_800...2_200).contains(lost))
        #expect((750...1_050).contains(doubled))
        #expect((750...1_050).contains(late))
        #expect(fates.joined().allSatisfy { $0 >= .milliseconds(20) })
    }

    @Test("the same seed has the same luck, and each BMC its own")
    func seeds() {
        func fates(seed: UInt64, number: Int) -> [[Duration]] {
            var path = ImpairedPath(Impairment(loss: 0.5, seed: seed), number: number)
            return (0..<200).map { _ in path.arrivals() }
        }
        #expect(fates(seed: 1, number: 1) == fates(seed: 1, number: 1))
        #expect(fates(seed: 1, number: 1) != fates(seed: 2, number: 1))
        #expect(fates(seed: 1, number: 1) != fates(seed: 1, number: 2))
    }
}
