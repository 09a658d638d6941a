import Foundation

/// Removes a file that a test made; a missing one is no fault.
func removeFile(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}
