extension SimulatedSystem {
    /// The URLs of the images in the virtual media drives that it sees.
    public var insertedImages: [String] { bmc.withState { $0.images(of: index) } }

    /// Puts an image into a virtual media drive, as somebody else would.
    ///
    /// - Parameter drive: the drive's number among those that the system sees, from 0.
    /// - Throws: ``SimulatorError/unknownResource(_:)`` if there is no such drive.
    public func insertImage(_ url: String, intoDrive drive: Int = 0) throws(SimulatorError) {
        let isDone = bmc.withState { state in
            let drives = state.fixture.media.drives.filter { $0.systems.contains(index) }
            guard drives.indices.contains(drive) else { return false }
            state.insert(url, into: drives[drive])
            return true
        }
        if !isDone { throw .unknownResource("\(path) sees no virtual media drive \(drive)") }
    }
}
