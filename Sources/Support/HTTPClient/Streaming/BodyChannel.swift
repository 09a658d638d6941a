internal import Locking

/// A body on its way from the transfer loop to its reader, with a bound on what waits here.
final class BodyChannel: Sendable {
    typealias Piece = Result<[UInt8]?, HTTPError>

    private enum State {
        case open(waiting: [UInt8], isPaused: Bool)
        case read(by: CheckedContinuation<Piece, Never>)
        case ended(rest: [UInt8], HTTPError?)
    }

    private let capacity: Int
    private let state = Mutex(State.open(waiting: [], isPaused: false))

    /// - Parameter capacity: the bytes that may wait here. What libcurl hands over at once, up to
    ///   16 KiB, is always taken if nothing waits.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes bytes, or returns false if they have to wait until the reader asks for more.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, reader) = state.withLock {
            state -> (Bool, CheckedContinuation<Piece, Never>?) in
            switch state {
            case .open(var waiting, _):
                guard waiting.isEmpty || waiting.count + bytes.count <= capacity else {
                    state = .open(waiting: waiting, isPaused: true)
                    return (false, nil)
                }
                // Without this the array has two owners and appending copies it.
                state = .open(waiting: [], isPaused: false)
                waiting.append(contentsOf: bytes)
                state = .open(waiting: waiting, isPaused: false)
                return (true, nil)
            case .read(let reader):
                state = .open(waiting: [], isPaused: false)
                return (true, reader)
            case .ended: return (true, nil)
            }
        }
        reader?.resume(returning: .success(Array(bytes)))
        return isTaken
    }

    /// No more bytes will come. Only the first end counts.
    func end(_ error: HTTPError?) {
        let reader = state.withLock { state -> CheckedContinuation<Piece, Never>? in
            switch state {
            case .open(let waiting, _):
                state = .ended(rest: waiting, error)
                return nil
            case .read(let reader):
                state = .ended(rest: [], nil)
                return reader
            case .ended: return nil
            }
        }
        reader?.resume(returning: error.map(Piece.failure) ?? .success(nil))
    }

    /// What has come since the last call, once there is something; nil at the end. An error is
    /// told once, then the end.
    /// - Parameter unpause: called if bytes were made to wait and there is room for them now.
    func next(unpause: () -> Void) async -> Piece {
        var mustUnpause = false
        let piece = await withCheckedContinuation { continuation in
            let piece = state.withLock { state -> Piece? in
                switch state {
                case .open(let waiting, let isPaused):
                    guard !waiting.isEmpty else {
                        state = .read(by: continuation)
                        return nil
                    }
                    state = .open(waiting: [], isPaused: false)
                    mustUnpause = isPaused
                    return .success(waiting)
                case .read:
                    return .failure(
                        HTTPError(.invalidRequest, "two tasks read one body at the same time"))
                case .ended(let rest, let error):
                    guard rest.isEmpty else {
                        state = .ended(rest: [], error)
                        return .success(rest)
                    }
                    state = .ended(rest: [], nil)
                    return error.map(Piece.failure) ?? .success(nil)
                }
            }
            if let piece { continuation.resume(returning: piece) }
        }
        if mustUnpause { unpause() }
        return piece
    }
}
