@testable internal import Core
@testable internal import StateFile
internal import FuzzDriver
internal import Logging

/// Feeds the loader of the state file and its journal, and what repairs them, with what libFuzzer takes
/// for such files; see ``FuzzedState``. Built and run by `make fuzz`.
@main
struct JournalFuzzer {
    static func main() {
        FuzzDriver.run { input in
            let state = FuzzedState(input)
            let loaded = load(state.files)
            // Both take three times as long; the length chooses which are tried.
            switch input.count % 4 {
            case 0: checkRepair(of: state.files, loaded)
            case 1: if let loaded { checkAdoption(of: state.files, loaded) }
            default: break
            }
        }
    }

    private static func load(_ files: [String: [UInt8]]) -> LoadedState? {
        let names = FuzzedState.names
        do throws(StoreError) {
            let state = try StateLoader(names: names, files: MemoryFiles(files)).load()
            let records = Array(state.image.records)
            let ids = records.compactMap(\.claim?.id)
            precondition(Set(ids).count == ids.count, "an instance has two devices")
            precondition(state.carried.count <= state.last, "more is carried than there is")
            precondition(
                state.last >= state.reference?.change ?? 0, "the file is ahead of the journal")
            if let torn = state.torn {
                precondition(torn.count > 0, "nothing was cut short")
                precondition(
                    torn.offset + torn.count <= files[torn.path]?.count ?? 0,
                    "the cut is outside of the file")
            }
            return state
        } catch {
            let message = "\(error)"
            precondition(message.contains("state/rackpool."), "a refusal names the file")
            let size = files.values.reduce(0) { $0 + $1.count }
            precondition(message.utf8.count < 2 * size + 65_536, "the message is endless")
            return nil
        }
    }

    /// What was brought into this release's format says the same when it is read back.
    private static func checkAdoption(of content: [String: [UInt8]], _ loaded: LoadedState) {
        let (files, names) = (MemoryFiles(content), FuzzedState.names)
        let silent = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        var state = loaded
        do throws(StoreError) {
            try StateAdoption(
                names: names, files: files, settings: StoreSettings(), logger: silent
            ).run(&state)
        } catch {
            precondition("\(error)".contains("count on"), "an upgrade fails: \(error)")
            return
        }
        do throws(StoreError) {
            let read = try StateLoader(names: names, files: files).load()
            precondition(
                Set(read.image.records) == Set(state.image.records), "other records are read back")
            precondition(read.image.count == loaded.image.count, "records are gone")
            precondition(!read.isToBeAdopted && read.sequence == state.sequence)
        } catch {
            preconditionFailure("what was adopted is not whole: \(error)")
        }
    }

    /// What is whole needs no repair, and what was repaired is whole.
    private static func checkRepair(of content: [String: [UInt8]], _ loaded: LoadedState?) {
        let repaired = "repaired/rackpool.json"
        let files = MemoryFiles(content)
        let salvage: StateSalvage
        do throws(StoreError) {
            salvage = try StateSalvage(path: FuzzedState.names.document, files: files)
        } catch {
            precondition(loaded == nil, "what was loaded is said to be no state file: \(error)")
            return
        }
        do throws(StoreError) {
            if let loaded, loaded.reference != nil {
                precondition(salvage.findings.isEmpty, "what is whole is said to be damaged")
                precondition(
                    salvage.recordCount == loaded.image.count, "the repair has other records")
            } else if loaded == nil {
                precondition(!salvage.findings.isEmpty, "what is refused is said to be whole")
            }
            try salvage.write(to: repaired)
            guard let bytes = try? AtomicFile(repaired, files).read() else {
                preconditionFailure("the repair wrote nothing")
            }
            let document = try StateDocument(parsing: bytes, file: repaired)
            precondition(
                document.records.filter { $0.claim != nil }.count <= salvage.recordCount,
                "the repair made instances up")
        } catch {
            preconditionFailure("the repair is not whole: \(error)")
        }
    }
}
