internal import CCurl
internal import Glibc

/// Drives all transfers of a client on one thread: libcurl says which sockets and which time it
/// waits for (curl_multi_socket_action(3)), epoll waits for them. The work is proportional to
/// what happens, not to the number of transfers.
final class TransferLoop {
    private let mailbox: Mailbox
    private let multi: UnsafeMutableRawPointer
    private let epoll: CInt
    private var pool: HandlePool
    private var admission: Admission<Submission>
    private var transfers: [UInt64: Transfer] = [:]
    private let maximumConnections: Int
    /// When libcurl wants to be called.
    private var deadline: ContinuousClock.Instant?
    /// When to look for servers that have fallen silent.
    private var silenceCheck: ContinuousClock.Instant?

    /// Runs until the mailbox is closed. The calling thread belongs to the loop.
    static func run(mailbox: Mailbox, configuration: HTTPClient.Configuration) {
        rackpool_name_thread("http-client")
        blockBrokenPipeSignal()
        do throws(HTTPError) {
            let loop = try TransferLoop(mailbox, configuration)
            // libcurl holds unretained pointers to the loop.
            withExtendedLifetime(loop) { $0.run() }
        } catch {
            mailbox.close(with: error)
        }
    }

    private init(_ mailbox: Mailbox, _ configuration: HTTPClient.Configuration) throws(HTTPError) {
        guard Self.libraryState == CURLE_OK, let multi = curl_multi_init() else {
            throw HTTPError(.resources, "libcurl does not start")
        }
        let epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard epoll >= 0 else {
            let error = HTTPError(.resources, "epoll_create1: \(String(errno: errno))")
            curl_multi_cleanup(multi)
            throw error
        }
        self.mailbox = mailbox
        self.multi = multi
        self.epoll = epoll
        pool = HandlePool(capacity: configuration.sessionCacheSize)
        admission = Admission(limit: configuration.maximumConnecting)
        maximumConnections = max(1, configuration.maximumConnections)
        guard watch(mailbox.descriptor, for: EPOLLIN.rawValue) else {
            throw HTTPError(.resources, "epoll_ctl: \(String(errno: errno))")
        }
        configure(
            connectionCacheSize: min(configuration.connectionCacheSize, maximumConnections))
    }

    deinit {
        pool.removeAll()
        curl_multi_cleanup(multi)
        close(epoll)
    }

    private func configure(connectionCacheSize: Int) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        // 0 would be taken for "four times the transfers" (CURLMOPT_MAXCONNECTS(3)).
        _ = rackpool_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, connectionCacheSize))
        // One that is idle closes for one that is needed. No transfer waits for that within libcurl:
        // there are no more of them than connections.
        _ = rackpool_multi_set_long(
            multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Int(Int32(clamping: maximumConnections)))
        _ = rackpool_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        _ = rackpool_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        _ = rackpool_multi_set_socket_callback(multi) { _, socket, what, context, _ in
            TransferLoop.from(context).watch(socket, action: what)
            return 0
        }
        _ = rackpool_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        _ = rackpool_multi_set_timer_callback(multi) { _, milliseconds, context in
            TransferLoop.from(context).setTimer(milliseconds)
            return 0
        }
    }

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            switch mailbox.take() {
            case .success(let messages): messages.forEach(obey)
            case .failure(let error): return abandonAll(error)
            }
            finishCompleted()
            admitWaiting()
            let count = epoll_wait(epoll, &events, CInt(events.count), millisecondsToWait)
            for event in events.prefix(Int(max(0, count))) { handle(event) }
            if let deadline, deadline <= .now {
                self.deadline = nil
                act(on: rackpool_socket_timeout, 0)
            }
            if let silenceCheck, silenceCheck <= .now { endSilent() }
            finishCompleted()
        }
    }

    private func handle(_ event: epoll_event) {
        guard event.data.fd != mailbox.descriptor else { return mailbox.drain() }
        var mask: CInt = 0
        if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        act(on: event.data.fd, mask)
    }

    private func act(on socket: curl_socket_t, _ mask: CInt) {
        var running: CInt = 0
        _ = curl_multi_socket_action(multi, socket, mask, &running)
    }
}

// MARK: - Transfers

extension TransferLoop {
    private func obey(_ message: Mailbox.Message) {
        switch message {
        case .start(let submission): admission.enqueue(submission, id: submission.id)
        case .cancel(let id):
            if let waiting = admission.withdraw(id) {
                return waiting.continuation.resume(returning: .failure(.neverSent))
            }
            guard let transfer = transfers[id] else { return }
            end(transfer) { $0.finish(.cancelled, "cancelled") }
        case .unpause(let id):
            guard let transfer = transfers[id], !transfer.unpause() else { return }
            end(transfer) { $0.finish(.resources, "libcurl does not go on with the transfer") }
        }
    }

    private func admitWaiting() {
        while hasRoom, let submission = admission.admit() { start(submission) }
    }

    private var hasRoom: Bool { transfers.count < maximumConnections }

    private func start(_ submission: Submission) {
        let server = submission.request.origin.map {
            HandlePool.Server(origin: $0, trust: submission.request.trust)
        }
        guard let server, let handle = pool.take(for: server) else {
            admission.leave(submission.id)
            let error = HTTPError(.resources, "out of memory")
            return submission.continuation.resume(returning: .failure(error))
        }
        let transfer = Transfer(submission, to: server, over: handle) {
            [unowned self, id = submission.id] in
            admission.leave(id)
        }
        do throws(HTTPError) {
            try transfer.configure()
        } catch {
            transfer.finish(error.kind, error.message)
            admission.leave(submission.id)
            pool.put(handle, for: server)
            return
        }
        transfers[transfer.id] = transfer
        let added = curl_multi_add_handle(multi, handle.raw)
        guard added == CURLM_OK else {
            let reason = String(cString: curl_multi_strerror(added))
            return end(transfer) { $0.finish(.resources, reason) }
        }
        if let deadline = transfer.patience.nextCheck {
            silenceCheck = min(silenceCheck ?? deadline, deadline)
        }
    }

    private func endSilent() {
        let now = ContinuousClock.now
        for transfer in transfers.values {
            guard let reason = transfer.patience.fault(at: now) else { continue }
            end(transfer) { $0.finish(.timeout, reason) }
        }
        // Not more often, for each time costs a look at every transfer.
        silenceCheck = transfers.values.lazy.compactMap(\.patience.nextCheck).min()
            .map { max($0, now + .milliseconds(250)) }
    }

    private func finishCompleted() {
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
                continue
            }
            // Copied first: the message is gone once its handle is removed.
            let code = rackpool_message_result(message)
            end(transfer(of: easy)) { $0.finish(code) }
        }
    }

    private func transfer(of easy: UnsafeMutableRawPointer) -> Transfer {
        var context: UnsafeMutableRawPointer?
        rackpool_easy_get_private(easy, &context)
        return Transfer.from(context)
    }

    // The caller is told first: what libcurl knows of the exchange is gone after the removal.
    private func end(_ transfer: Transfer, finish: (Transfer) -> Void) {
        finish(transfer)
        curl_multi_remove_handle(multi, transfer.handle.raw)
        pool.put(transfer.handle, for: transfer.server)
        admission.leave(transfer.id)
        transfers[transfer.id] = nil
    }

    private func abandonAll(_ error: HTTPError) {
        for submission in admission.withdrawAll() {
            submission.continuation.resume(returning: .failure(error))
        }
        for transfer in transfers.values {
            end(transfer) { $0.finish(error.kind, error.message) }
        }
    }
}

// MARK: - Waiting

extension TransferLoop {
    private var millisecondsToWait: CInt {
        // Without room, the end of a transfer is what lets the next one in.
        let admission = hasRoom ? admission.nextAdmission : nil
        guard let next = [deadline, silenceCheck, admission].compactMap({ $0 }).min()
        else { return -1 }
        return CInt(clamping: (next - .now).wholeMilliseconds)
    }

    private func setTimer(_ milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }

    private func watch(_ socket: curl_socket_t, action: CInt) {
        switch action {
        case CURL_POLL_IN: watch(socket, for: EPOLLIN.rawValue)
        case CURL_POLL_OUT: watch(socket, for: EPOLLOUT.rawValue)
        case CURL_POLL_INOUT: watch(socket, for: EPOLLIN.rawValue | EPOLLOUT.rawValue)
        default: epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
        }
    }

    // A socket that cannot be watched fails its transfer by time.
    @discardableResult
    private func watch(_ socket: CInt, for events: UInt32) -> Bool {
        var event = epoll_event()
        event.events = events
        event.data.fd = socket
        return epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0
            || epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> TransferLoop {
        // Ours alone: libcurl hands back the pointer that was set, so nothing from outside gets here.
        guard let context else { preconditionFailure("libcurl lost a callback's context") }
        return Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue()
    }

    // CURLOPT_NOSIGNAL leaves SIGPIPE to us, and a write to a closed connection raises it.
    private static func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    // Once in a process (curl_global_init(3)); a static is initialised by one thread alone.
    private static let libraryState = rackpool_global_init()
}
