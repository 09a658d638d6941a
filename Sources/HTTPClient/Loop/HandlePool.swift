internal import CCurl

/// Idle easy handles, one for each server last talked to: libcurl holds TLS sessions in the easy
/// handle, so the next request to that server resumes its session.
struct HandlePool {
    private let capacity: Int
    private var entries: [(origin: String, handle: EasyHandle)] = []
    private var places: [String: Int] = [:]

    init(capacity: Int) {
        self.capacity = max(0, capacity)
    }

    /// A handle without options, or nil if memory is out.
    mutating func take(for origin: String) -> EasyHandle? {
        guard let place = places[origin] else { return curl_easy_init().map(EasyHandle.init) }
        return remove(at: place)
    }

    /// Takes a handle back that is in no transfer any more.
    mutating func put(_ handle: EasyHandle, for origin: String) {
        // Clears the options, pointers into the transfer among them, but not the TLS sessions.
        curl_easy_reset(handle.raw)
        guard capacity > 0, places[origin] == nil else {
            curl_easy_cleanup(handle.raw)
            return
        }
        if entries.count == capacity {
            // At random: a round over more servers than fit would find the oldest always gone.
            curl_easy_cleanup(remove(at: Int.random(in: 0..<capacity)).raw)
        }
        places[origin] = entries.count
        entries.append((origin, handle))
    }

    mutating func removeAll() {
        for entry in entries { curl_easy_cleanup(entry.handle.raw) }
        entries = []
        places = [:]
    }

    private mutating func remove(at place: Int) -> EasyHandle {
        entries.swapAt(place, entries.count - 1)
        let removed = entries.removeLast()
        places[removed.origin] = nil
        if place < entries.count { places[entries[place].origin] = place }
        return removed.handle
    }
}
