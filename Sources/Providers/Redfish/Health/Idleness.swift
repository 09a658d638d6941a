/// Whether a part is off, so that a bad health may be said of it for that alone.
enum Idleness: Hashable {
    case inUse
    /// It says that it is switched off.
    case off
    /// The host is off, and the part is not in use.
    case offWithHost
}
