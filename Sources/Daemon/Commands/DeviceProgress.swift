import Foundation

/// Tells a person at a terminal how far it is; says nothing to a file.
struct DeviceProgress {
    let count: Int
    private let isShown = isatty(2) == 1

    init(count: Int) {
        self.count = count
    }

    func show(_ done: Int) {
        write("\r\(done) of \(count) devices")
    }

    func end() {
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        if isShown { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
