import Locking
import Testing

@testable import Core

@Suite("Large texts")
struct LargeTextTests {
    private struct Refusal: Error {}

    private final class Running: Sendable {
        private let count = Mutex((now: 0, most: 0))
        var most: Int { count.withLock { $0.most } }
        func begin() { count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func end() { count.withLock { $0.now -= 1 } }
    }

    @Test("are read one after the other, and all are read")
    func inTurn() async {
        let running = Running()
        let text = Array(("[" + String(repeating: "0,", count: 20_000) + "0]").utf8)
        let sum = await withTaskGroup(of: Int.self) { group in
            for index in 0..<20 {
                group.addTask {
                    await LargeText.reader.read(size: LargeText.size + 1) {
                        running.begin()
                        defer { running.end() }
                        return (try? JSON(parsing: text))?.array?.count == 20_001 ? index : -1
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == (0..<20).reduce(0, +))
        #expect(running.most == 1)
    }

    @Test("tell what is wrong with them", arguments: [0, LargeText.size + 1])
    func refused(_ size: Int) async {
        await #expect(throws: Refusal.self) {
            try await LargeText.reader.read(size: size) { () throws(Refusal) -> Int in
                throw Refusal()
            }
        }
    }
}
