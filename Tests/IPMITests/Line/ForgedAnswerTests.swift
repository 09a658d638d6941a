import IPMIWire
import NIOCore
import Testing

@testable import IPMI

/// Nothing that comes before a session is protected: what is bad news is not believed at once.
@Suite struct ForgedAnswerTests {
    /// An answer to the first question, as whoever reads along can make it.
    private static func packet(
        code: CompletionCode = .ok, _ data: [UInt8], sequence: UInt8 = 0
    ) -> [UInt8] {
        var message = ByteBuffer()
        LANResponse(
            function: .application, command: GetChannelAuthenticationCapabilities.code,
            sequence: sequence, code: code, data: data
        ).write(into: &message)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        SessionlessPacket(message: message.unread).write(into: &buffer)
        return buffer.unread
    }

    private static let versionOne = wire(
        GetChannelAuthenticationCapabilities.Response(isExtended: false, speaksVersion2: false))

    /// A line that has asked its first question, which got lost.
    private func askingRig() -> (rig: LineRig, id: UInt64) {
        var rig = LineRig()
        rig.isLost = { $0 == 1 }
        let id = rig.ask()
        return (rig, id)
    }

    @Test(
        "that a BMC speaks version 1.5 alone, or nonsense, or refuses, is outlived by its answer",
        arguments: [
            packet(versionOne), packet([0x81]),
            packet(code: .invalidField, []), packet(code: .insufficientPrivilege, []),
        ])
    func badNews(forged: [UInt8]) {
        var (rig, id) = askingRig()
        rig.receive(forged)
        #expect(rig.results[id] == nil)
        // The true answer, which was on its way.
        for answer in rig.bmc.answer(rig.sent[0]) { rig.receive(answer) }
        #expect(rig.results[id]?.data == [5])
        #expect(rig.now == .zero)
    }

    @Test("if nothing better comes it is believed after a fifth of a second")
    func believed() {
        for (answer, failure) in [
            (Self.packet(Self.versionOne), IPMIFailure.versionOne),
            (
                Self.packet([0x81]),
                .malformed(
                    command: GetChannelAuthenticationCapabilities.name,
                    .truncated("authentication types"))
            ),
        ] {
            var (rig, id) = askingRig()
            rig.receive(answer)
            rig.receive(answer)
            #expect(rig.finish(id)?.failure == failure)
            #expect(rig.now == IPMITiming().doubt)
        }
    }

    @Test("a BMC that refuses the question for version 2.0 is asked the older one, in a moment")
    func olderQuestion() {
        var (rig, id) = askingRig()
        rig.isLost = { $0 <= 2 }
        rig.receive(Self.packet(code: .invalidField, []))
        rig.advance(by: IPMITiming().doubt)
        #expect(rig.sent.count == 2)
        rig.receive(Self.packet(Self.versionOne, sequence: 1))
        #expect(rig.finish(id)?.failure == .versionOne)
    }

    @Test("a forged list without a common suite is outlived by the true one")
    func suites() {
        var rig = LineRig()
        rig.distort = { answer in
            guard answer[5] == PayloadType.ipmi.rawValue, answer.count > 24,
                answer[4] == RMCPPlusPacket.format, answer[6...9] == [0, 0, 0, 0]
            else { return [answer] }
            // As the BMC would write it, did it speak suite 1 alone.
            var other = SessionBMC()
            other.listed = [.sha1Authenticated]
            let request = CommandMessage(GetChannelCipherSuites(index: 0)).request(sequence: 0)
            return other.answer(SessionlessMessage.extendedDatagram(request)) + [answer]
        }
        #expect(rig.results[rig.ask()]?.data == [5])
        #expect(rig.bmc.proposals == [.sha256])
    }

    @Test("a forged refusal is outlived by the true answer that follows")
    func forgedRefusal() {
        var rig = LineRig()
        rig.distort = { answer in
            guard answer.count > 12, answer[5] == PayloadType.openSessionResponse.rawValue else {
                return [answer]
            }
            // The same tag and session ID, as only one who reads along knows them.
            var forged = answer
            forged[17] = RMCPPlusStatus.unauthorisedName.rawValue
            return [forged, answer]
        }
        #expect(rig.results[rig.ask()]?.data == [5])
    }

    @Test("a forged RAKP 2 that proves nothing is outlived too, and not held against the password")
    func forgedProof() {
        var rig = LineRig()
        rig.distort = { answer in
            guard answer[5] == PayloadType.rakp2.rawValue else { return [answer] }
            var forged = answer
            forged[forged.count - 1] ^= 1
            return [forged, answer]
        }
        #expect(rig.results[rig.ask()]?.data == [5])
    }
}
