internal import Core
internal import IPMIWire
internal import Locking
internal import Logging
internal import NIOCore
internal import NIOPosix

/// The connections to all BMCs that are spoken to over IPMI. Made once, and shut down at the end.
///
/// One event loop, and one UDP socket for 256 BMCs, serve them all. To each BMC there is one
/// session at the most, and one request on its way, whoever asks: the rest waits in order.
///
/// How many sessions are opened at one time is not limited here. To each BMC it is one session, with
/// one small packet on its way, whatever the others do; a socket's buffer holds all answers at once;
/// what a switch drops is asked again at random intervals. Users are the BMC's own, since RAKP takes
/// their passwords: unlike with Redfish, no directory server stands behind many BMCs. And whoever
/// asks many BMCs bounds how many at a time: the synchroniser 256.
final class IPMINetwork: Sendable {
    let timing: IPMITiming
    private let loop: any EventLoop
    private let board: NIOLoopBoundBox<Switchboard>
    private let lastID = Atomic<UInt64>(0)

    init(
        timing: IPMITiming = IPMITiming(), time: any TimeSource = SystemTime(),
        logger: Logger? = nil,
        random: @escaping @Sendable (Int) -> [UInt8] = LineRules.systemRandom,
        loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    ) {
        self.timing = timing
        self.loop = loop
        let rules = LineRules(timing: timing, random: random)
        board = NIOLoopBoundBox.makeBoxSendingValue(
            Switchboard(loop: loop, time: time, rules: rules, logger: logger), eventLoop: loop)
    }

    /// The way to a device's BMC. Costs nothing: a session is opened with the first command.
    /// - Throws: `unusable`.
    func line(to device: Device) throws(IPMIFailure) -> any IPMIConnection {
        line(to: try IPMIEndpoint(url: device.bmc), as: try SessionAccess(device))
    }

    func line(to endpoint: IPMIEndpoint, as access: SessionAccess) -> IPMILine {
        IPMILine(network: self, endpoint: endpoint, access: access)
    }

    /// Closes the session with a device's BMC and drops what is known of it, refused credentials
    /// among it. Commands that wait fail with `closed`. Does not wait for the BMC to confirm.
    func forget(_ device: Device) async {
        guard let endpoint = try? IPMIEndpoint(url: device.bmc) else { return }
        await onLoop { $0.forget(endpoint) }
    }

    /// Closes all sessions, for at most ``IPMITiming/closing``. No command is taken any more.
    func shutdown() async {
        let promise = loop.makePromise(of: Void.self)
        loop.execute { [board] in board.value.shutDown(promise) }
        // The promise is only ever kept.
        try? await promise.futureResult.get()
    }

    /// How many sessions are open.
    var sessionCount: Int {
        get async { await onLoop { $0.sessionCount } }
    }

    /// The number of the session with a BMC; nil while none is open.
    func session(at endpoint: IPMIEndpoint) async -> UInt32? {
        await onLoop { $0.session(at: endpoint) }
    }

    /// Does what is due by a clock that was moved by hand.
    func tick() async {
        await onLoop { $0.tick() }
    }

    private func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (Switchboard) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            loop.execute { [board] in continuation.resume(returning: body(board.value)) }
        }
    }

    /// Sends a command and waits for its response, whatever its completion code.
    func exchange(
        _ message: CommandMessage, with endpoint: IPMIEndpoint, as access: SessionAccess
    ) async -> Result<LANResponse, IPMIFailure> {
        let id = lastID.add(1, ordering: .relaxed).newValue
        let ask = LineMachine.Ask(id: id, access: access, message: message)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                loop.execute { [board] in board.value.ask(ask, at: endpoint, caller) }
                // The handler may have run before there was something to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: UInt64) {
        loop.execute { [board] in board.value.cancel(id) }
    }
}
