import Testing

@testable import Core
@testable import StateFile

@Suite struct FileStepTests {
    @Test(
        "a step is read as it is written",
        arguments: [
            "before write history 1", "midway write segment 17", "after sync-folder document 2",
            "after check lock 3", "before lock segment 1", "midway write new-copy 1",
        ])
    func roundTrip(_ text: String) throws {
        #expect(try #require(FileStep(text)).description == text)
    }

    @Test(
        "what names no step is refused",
        arguments: [
            "", "write lock 1", "before write lock 0", "before chmod lock 1", "before write 1",
            "midway rename new-document 1",
        ])
    func refusal(_ text: String) {
        #expect(FileStep(text) == nil)
    }
}
