internal import Core
@testable internal import IPMI
internal import IPMIWire
internal import NIOCore
@testable internal import Simulator

/// A simulated BMC that gets datagrams from anybody, and commands from a console it trusts.
enum FuzzedBMC {
    static let all: [@Sendable ([UInt8]) -> Void] = [
        { take($0) }, { take(bare($0)) }, { take(step($0)) }, carryOut,
    ]

    /// A datagram as it is.
    private static func take(_ datagram: [UInt8]) {
        reset()
        _ = bmc.receive(datagram: datagram)
    }

    /// A message outside of sessions that is right up to its data.
    private static func bare(_ bytes: [UInt8]) -> [UInt8] {
        var message = ByteBuffer()
        request(bytes, sequence: 0).write(into: &message)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        SessionlessPacket(message: message.unread).write(into: &buffer)
        return buffer.unread
    }

    /// A step of a session's opening that is right up to its payload.
    private static func step(_ bytes: [UInt8]) -> [UInt8] {
        let types: [PayloadType] = [.openSessionRequest, .rakp1, .rakp3]
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        RMCPPlusPacket(
            payloadType: types[Int(bytes.first ?? 0) % types.count],
            payload: Array(bytes.dropFirst())
        ).write(into: &buffer)
        return buffer.unread
    }

    /// Commands of a session, one after the other, each behind its length. Every one is answered.
    private static let carryOut: @Sendable ([UInt8]) -> Void = { bytes in
        reset()
        var console = session.console
        var rest = bytes[...]
        for sequence in UInt8(1)...8 {
            guard let count = rest.popFirst() else { return }
            let request = request(Array(rest.prefix(Int(count))), sequence: sequence)
            rest = rest.dropFirst(Int(count))
            guard let datagram = try? console.seal(request) else {
                preconditionFailure("nothing sealed")
            }
            guard let answer = bmc.receive(datagram: datagram) else {
                preconditionFailure("no answer to \(request)")
            }
            guard case .response(let response) = console.receive(answer) else {
                preconditionFailure("the answer to \(request) is no response")
            }
            precondition(response.answers(request), "\(response) does not answer \(request)")
            // Close Session ends it.
            if request.function == .application, request.command == 0x3C { return }
        }
    }

    private static func request(_ bytes: [UInt8], sequence: UInt8) -> LANRequest {
        let functions = NetworkFunction.allCases
        let head = bytes.prefix(2) + [0, 0]
        return LANRequest(
            function: functions[Int(head[0]) % functions.count], lun: head[0] >> 6,
            command: head[1], sequence: sequence, data: Array(bytes.dropFirst(2)))
    }

    // MARK: The BMC and its console

    private static let credentials = (user: "admin", password: "interop-hush")

    private static let bmc: SimulatedBMC = {
        var configuration = RackConfiguration(count: 1)
        configuration.protocols = .ipmi
        // The session is put back to its start for each input, for as long as the fuzzer runs.
        configuration.ipmi.idleTimeout = .seconds(1_000_000)
        configuration.credentials = Credentials(
            username: credentials.user, password: Secret(credentials.password))
        guard let rack = try? SimulatedRack(configuration), let bmc = rack.bmcs.first else {
            preconditionFailure("no rack")
        }
        return bmc
    }()

    /// A console with a session, and what the BMC knew when it was open.
    private static let session: (console: SessionMachine, state: IPMIState) = {
        let access = SessionAccess(
            username: Array(credentials.user.utf8), userKey: Array(credentials.password.utf8),
            bmcKey: nil, privilege: .administrator, suites: [.sha256])
        var console = SessionMachine(access: access, suite: .sha256, consoleID: 9, tag: 0) {
            Array(repeating: 0x5A, count: $0)
        }
        var next = console.opening()
        while let answer = bmc.receive(datagram: next) {
            guard case .send(let datagram) = console.receive(answer) else { break }
            next = datagram
        }
        precondition(console.isActive, "the session did not open")
        return (console, bmc.withState { $0.ipmi })
    }()

    /// What inputs did before is undone as far as IPMI alone shows it.
    private static func reset() {
        let state = session.state
        bmc.withState { $0.ipmi = state }
    }
}
