internal import Foundation
internal import IPMIWire
internal import NIOCore
internal import NIOPosix

extension SimulatedBMC {
    /// Where it listens for IPMI, once the rack has started: `ipmi://127.23.0.1:6230`; nil if it
    /// does not speak it.
    public var ipmiURL: String? {
        let (host, port) = withWire { ($0.host, $0.ipmiPort) }
        // The inventory leaves the usual port out.
        return port.map { "ipmi://\(host)" + ($0 == 623 ? "" : ":\($0)") }
    }

    /// The UDP port that it listens on, once the rack has started; nil if it does not speak IPMI.
    public var ipmiPort: Int? { withWire { $0.ipmiPort } }

    public var ipmiStatistics: IPMIStatistics {
        let now = Self.now()
        return withState { state in
            state.ipmi.end.expire(at: now)
            return state.ipmi.end.statistics
        }
    }

    /// Has every command that comes over IPMI go through `hook`; nil for none.
    public func onIPMIRequest(_ hook: IPMIHook?) {
        withWire { $0.ipmiHook = hook }
    }

    /// Answers the next `count` commands that come over IPMI by `node busy`.
    public func beBusy(forNext count: Int) {
        withWire { $0.busyCommands = count }
    }

    // MARK: - Datagrams

    /// Deals with a datagram. Called on the event loop alone, so one after the other.
    /// - Returns: the datagram that answers it.
    func receive(datagram: [UInt8]) -> [UInt8]? {
        let (isHanging, hook, hasFaults) = withWire {
            ($0.isHanging, $0.ipmiHook, $0.ipmiHook != nil || $0.busyCommands > 0)
        }
        guard !isHanging else { return nil }
        let now = Self.now()
        guard hasFaults else {
            return withState { $0.answer($0.receive(datagram, at: now), .proceed, at: now) }
        }
        let action = withState { $0.receive(datagram, at: now) }
        // Asked outside of the lock: a hook may look at the BMC.
        let verdict = action.request.map { self.verdict(on: $0, hook) } ?? .proceed
        if case .command(let arrival) = action, let delay = verdict.actsAfter {
            let generation = withState { $0.generation }
            loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
                self?.withState { state in
                    guard state.generation == generation else { return }
                    state.carryOutLate(arrival, at: Self.now())
                }
            }
        }
        return withState { $0.answer(action, verdict, at: now) }
    }

    private func verdict(on request: ManagedRequest, _ hook: IPMIHook?) -> IPMIVerdict {
        let isBusy = withWire { wire in
            guard wire.busyCommands > 0 else { return false }
            wire.busyCommands -= 1
            return true
        }
        if isBusy { return .refuse(CompletionCode.nodeBusy.rawValue) }
        return hook?(
            SimulatedIPMIRequest(
                function: request.function, command: request.command, data: request.data))
            ?? .proceed
    }

    static func now() -> IPMIMoment {
        IPMIMoment(
            uptime: .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)),
            time: UInt32(clamping: Int64(Date().timeIntervalSince1970)))
    }

    // MARK: - The port

    /// Listens for IPMI at an address; port 0 takes a free one.
    func listenForIPMI(host: String, port: Int) -> EventLoopFuture<Void> {
        let address: SocketAddress
        do {
            address = try SocketAddress(ipAddress: host, port: port)
        } catch {
            return loop.makeFailedFuture(error)
        }
        withWire { $0.isPluggedIn = true }
        let octets = host.split(separator: ".").compactMap { UInt8($0) }
        if octets.count == 4 { withState { $0.ipmi.address = octets } }
        let (bmc, path) = (
            self, ImpairedPath(settings.configuration.ipmi.impairment, number: index)
        )
        let bootstrap = DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        IPMIDatagramHandler(bmc: bmc, path: path))
                }
            }
        let bound = bootstrap.bind(to: address).map { [self] channel in
            withWire { wire in
                wire.host = host
                wire.ipmiPort = channel.localAddress?.port ?? port
                wire.ipmiChannel = channel
            }
        }
        bound.whenFailure { [self] _ in withWire { $0.isPluggedIn = false } }
        return bound
    }
}
