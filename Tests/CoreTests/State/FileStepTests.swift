import Testing

@testable import Core

@Suite struct FileStepTests {
    @Test(
        "a step is read as it is written",
        arguments: ["before write 1", "midway write 17", "after sync-folder 2"])
    func roundTrip(_ text: String) throws {
        #expect(try #require(FileStep(text)).description == text)
    }

    @Test(
        "what names no step is refused",
        arguments: ["", "write 1", "before write 0", "before chmod 1", "midway rename 1"])
    func refusal(_ text: String) {
        #expect(FileStep(text) == nil)
    }
}
