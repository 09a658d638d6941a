internal import NIOCore
internal import NIOHTTP1

/// Server-sent events (DSP0266, "Server-sent events").
extension SimulatedBMC {
    /// How many streams of events are open.
    public var eventStreamCount: Int { withFeed { $0.streams.count } }

    /// Returns once at least `count` streams of events are open.
    ///
    /// - Throws: ``SimulatorError/timeout(_:)``.
    public func waitForEventStreams(_ count: Int, timeout: Duration = .seconds(60)) async throws {
        let promise = loop.makePromise(of: Void.self)
        guard withFeed({ $0.wait(for: count, promise) }) else {
            promise.succeed()
            return
        }
        let alarm = loop.scheduleTask(in: TimeAmount(timeout)) { [self] in
            let open = eventStreamCount
            for promise in withFeed({ $0.takeWaiters() }) {
                promise.fail(
                    SimulatorError.timeout(
                        "\(url): \(open) streams of events, not \(count), after \(timeout)"))
            }
        }
        defer { alarm.cancel() }
        try await promise.futureResult.get()
    }

    /// Tells all who listen to the BMC's events. One who comes back and says which event was the
    /// last gets those in between, of the last 64.
    public func emit(_ event: SimulatedEvent) {
        let drops = settings.configuration.dialects.contains(.eventsDrop)
        withFeed { feed in
            guard let text = feed.tell(event) else { return }
            send(Array(text.utf8), to: Array(feed.streams.values), isLast: drops)
        }
    }

    /// Writes any bytes into the open streams of events.
    public func emit(raw bytes: [UInt8]) {
        withFeed { send(bytes, to: Array($0.streams.values), isLast: false) }
    }

    /// Breaks the open streams of events, as a BMC does that is short of connections.
    public func dropEventStreams() {
        withFeed { send([], to: Array($0.streams.values), isLast: true) }
    }

    /// Begins a stream of events. Has to be called on the channel's event loop.
    func beginEvents(on channel: any Channel, after lastEventID: String?) {
        // Within the lock, so that nothing is told twice or left out.
        let waiters = withFeed { feed in
            let (missed, waiters) = feed.open(channel, after: lastEventID)
            let drops = settings.configuration.dialects.contains(.eventsDrop) && !missed.isEmpty
            // A comment: it shows the client that the stream is open.
            let start = ":\n\n" + (drops ? missed.prefix(1) : missed[...]).joined()
            send(Array(start.utf8), to: [channel], isLast: drops)
            return waiters
        }
        channel.closeFuture.whenComplete { [self] _ in withFeed { $0.close(channel) } }
        for promise in waiters { promise.succeed() }
    }

    // Handed to the loop, not written at once: a write that fails closes the channel, which takes
    // the lock that the caller holds.
    private func send(_ bytes: [UInt8], to channels: [any Channel], isLast: Bool) {
        loop.execute {
            for channel in channels {
                let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes)))
                let written = channel.writeAndFlush(part)
                if isLast { written.whenComplete { _ in channel.close(promise: nil) } }
            }
        }
    }
}
