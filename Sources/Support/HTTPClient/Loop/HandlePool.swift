internal import CCurl

/// Idle easy handles, one for each server last talked to: libcurl holds TLS sessions in the easy
/// handle, so the next request to that server resumes its session.
struct HandlePool {
    /// Whose TLS sessions are kept together.
    struct Server: Hashable {
        let origin: String
        let trust: HTTPTrust
    }

    private let capacity: Int
    private var entries: [(server: Server, handle: EasyHandle)] = []
    private var places: [Server: Int] = [:]

    init(capacity: Int) {
        self.capacity = max(0, capacity)
    }

    /// A handle without options, or nil if memory is out.
    mutating func take(for server: Server) -> EasyHandle? {
        guard let place = places[server] else { return curl_easy_init().map(EasyHandle.init) }
        return remove(at: place)
    }

    /// Takes a handle back that is in no transfer any more.
    mutating func put(_ handle: EasyHandle, for server: Server) {
        // Clears the options, pointers into the transfer among them, but not the TLS sessions.
        curl_easy_reset(handle.raw)
        guard capacity > 0, places[server] == nil else {
            curl_easy_cleanup(handle.raw)
            return
        }
        if entries.count == capacity {
            // At random: a round over more servers than fit would find the oldest always gone.
            curl_easy_cleanup(remove(at: Int.random(in: 0..<capacity)).raw)
        }
        places[server] = entries.count
        entries.append((server, handle))
    }

    mutating func removeAll() {
        for entry in entries { curl_easy_cleanup(entry.handle.raw) }
        entries = []
        places = [:]
    }

    private mutating func remove(at place: Int) -> EasyHandle {
        entries.swapAt(place, entries.count - 1)
        let removed = entries.removeLast()
        places[removed.server] = nil
        if place < entries.count { places[entries[place].server] = place }
        return removed.handle
    }
}
