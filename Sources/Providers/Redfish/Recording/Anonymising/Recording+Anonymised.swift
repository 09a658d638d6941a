extension Recording {
    /// The recording with a stand-in for whatever identifies the machine, its network or its
    /// owner: serial numbers, UUIDs, asset tags, user and host names, MAC, IP, mail and
    /// world-wide addresses. The same original has the same stand-in everywhere: in links, in the
    /// text of log entries, in headers.
    public func anonymised() -> Recording {
        let anonymiser = Anonymiser(self)
        var recording = self
        recording.source = nil
        recording.isAnonymised = true
        recording.resources = resources.map(anonymiser.anonymised)
        recording.skipped = skipped.mapValues { $0.map(anonymiser.anonymised) }
        return recording
    }
}
