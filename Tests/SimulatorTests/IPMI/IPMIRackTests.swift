import Core
import HTTPClient
import IPMIWire
import NIOCore
import NIOPosix
import Testing

@testable import Simulator

@Suite("A rack that speaks IPMI")
struct IPMIRackTests {
    @Test("each BMC answers at its own address, and at the one of its Redfish service")
    func addresses() async throws {
        try await withRack(
            3, { $0.protocols = .both }
        ) { rack in
            for bmc in rack.bmcs {
                let pong = try await Self.exchange(Self.ping, with: bmc)
                #expect(pong.count == 28)
                #expect(bmc.ipmiURL == "ipmi://\(bmc.host):\(bmc.ipmiPort ?? 0)")
                #expect(bmc.ipmiStatistics.datagrams == 1)
                let client = try await TestClient(to: bmc.url)
                #expect(try await client.get("/redfish/v1").status == 200)
            }
        }
    }

    @Test("a mixed rack lists each device by what its BMC speaks")
    func mixed() async throws {
        try await withRack(
            4, { $0.protocols = .mixed }
        ) { rack in
            let devices = rack.devices()
            #expect(devices.map(\.provider) == ["redfish", "ipmi", "redfish", "ipmi"])
            #expect(devices.map(\.name) == ["r1u01", "r1u02", "r1u03", "r1u04"])
            #expect(devices[1].bmc == rack.bmcs[1].ipmiURL)
            #expect(rack.bmcs[0].ipmiURL == nil)
            let inventory = try Inventory(
                parsing: rack.inventoryYAML(), file: "inventory.yaml",
                providers: ["redfish", "ipmi"])
            #expect(inventory.devices.map(\.bmc) == devices.map(\.bmc))
        }
    }

    @Test("a BMC that is unplugged and plugged in again answers at the same port")
    func plugging() async throws {
        try await withRack(
            1, { $0.protocols = .ipmi }
        ) { rack in
            let port = rack.bmcs[0].ipmiPort
            await rack.bmcs[0].unplug()
            try await rack.bmcs[0].plugIn()
            #expect(rack.bmcs[0].ipmiPort == port)
            #expect(try await Self.exchange(Self.ping, with: rack.bmcs[0]).count == 28)
        }
    }

    @Test("a command is refused as busy, lost, or its answer is, as a test wants it")
    func faults() async throws {
        try await withRack(1, Self.configure) { rack in
            let bmc = rack.bmcs[0]
            var console = TestConsole()
            try console.open(bmc.receive(datagram:))
            _ = try console.perform(
                SetSessionPrivilegeLevel(level: .administrator), bmc.receive(datagram:))
            bmc.beBusy(forNext: 1)
            let up = ChassisControl(.up)
            #expect(try console.code(of: up, bmc.receive(datagram:)).code == .nodeBusy)
            #expect(bmc.systems[0].resets.isEmpty)

            bmc.onIPMIRequest { $0.command == ChassisControl.code ? .lose : .proceed }
            #expect(bmc.receive(datagram: try console.datagram(0, 2, [1], sequence: 40)) == nil)
            #expect(bmc.systems[0].resets.isEmpty)

            bmc.onIPMIRequest { $0.command == ChassisControl.code ? .loseAnswer : .proceed }
            #expect(bmc.receive(datagram: try console.datagram(0, 2, [1], sequence: 41)) == nil)
            #expect(bmc.systems[0].resets == ["On"])
            bmc.onIPMIRequest(nil)
            let again = try console.datagram(0, 2, [1], sequence: 41)
            #expect(try console.answer(in: bmc.receive(datagram: again)).code == .ok)
            #expect(bmc.systems[0].resets == ["On"])

            bmc.hang()
            #expect(bmc.receive(datagram: try console.datagram(0, 1, sequence: 42)) == nil)
            bmc.resume()
            bmc.endSessions()
            #expect(bmc.receive(datagram: try console.datagram(0, 1, sequence: 43)) == nil)
            bmc.fillSessions()
            #expect(throws: TestConsole.Failure.refused(step: "open session", .outOfResources)) {
                try console.open(bmc.receive(datagram:))
            }
        }
    }

    @Test("each BMC has a GUID and a serial number of its own, the same in every run")
    func identities() async throws {
        var runs: [[String]] = []
        for _ in 0..<2 {
            try await withRack(3, Self.configure) { rack in
                runs.append(
                    try rack.bmcs.map { bmc in
                        var console = try Self.console(at: bmc)
                        let guid = try console.perform(GetSystemGUID(), bmc.receive(datagram:))
                        let product = try Self.product(at: bmc, &console)
                        let serial = try #require(product.serialNumber)
                        #expect(!SystemIdentity(serialNumber: serial).isEmpty)
                        return "\(guid.bytes) \(serial)"
                    })
            }
        }
        #expect(Set(runs[0]).count == 3 && runs[0] == runs[1])
    }

    @Test("a command can be answered and carried out late, or never")
    func lateActs() async throws {
        try await withRack(1, Self.configure) { rack in
            let bmc = rack.bmcs[0]
            var console = try Self.console(at: bmc)
            bmc.onIPMIRequest { _ in .actLate(nil) }
            #expect(try console.code(of: ChassisControl(.up), bmc.receive(datagram:)).code == .ok)
            #expect(bmc.systems[0].resets.isEmpty)
            bmc.onIPMIRequest { _ in .actLate(.milliseconds(5)) }
            #expect(try console.code(of: ChassisControl(.up), bmc.receive(datagram:)).code == .ok)
            try await bmc.systems[0].waitForPower(.on)
            bmc.onIPMIRequest { _ in .actLateUnanswered(.milliseconds(5)) }
            #expect(throws: TestConsole.Failure.silence) {
                try console.code(of: ChassisControl(.down), bmc.receive(datagram:))
            }
            try await bmc.systems[0].waitForPower(.off)
        }
    }

    @Test("a rack refuses a cipher suite that it does not speak")
    func badSuite() {
        var configuration = RackConfiguration(count: 1)
        configuration.ipmi.cipherSuites = [3, 8]
        #expect(throws: SimulatorError.self) { try SimulatedRack(configuration) }
    }

    private static func console(at bmc: SimulatedBMC) throws -> TestConsole {
        var console = TestConsole()
        try console.open(bmc.receive(datagram:))
        _ = try console.perform(
            SetSessionPrivilegeLevel(level: .administrator), bmc.receive(datagram:))
        return console
    }

    private static func product(
        at bmc: SimulatedBMC, _ console: inout TestConsole
    ) throws -> FRUProduct {
        let head = try console.perform(
            ReadFRUData(device: 0, offset: 0, count: 8), bmc.receive(datagram:))
        var header = ByteBuffer(bytes: head.data)
        let offset = try FRUCommonHeader.read(from: &header).product
        let area = try console.perform(
            ReadFRUData(device: 0, offset: UInt16(offset), count: 255), bmc.receive(datagram:))
        var product = ByteBuffer(bytes: area.data)
        return try FRUProduct.read(from: &product)
    }

    // MARK: - A socket

    private static func configure(_ configuration: inout RackConfiguration) {
        configuration.protocols = .ipmi
        configuration.initialPower = .off
        configuration.credentials = Credentials(username: "admin", password: Secret("secret"))
    }

    private static var ping: [UInt8] {
        var ping = ByteBuffer()
        RMCPHeader(messageClass: .asf).write(into: &ping)
        PresencePing(tag: 1).write(into: &ping)
        return ping.unread
    }

    /// Sends a datagram and waits for its answer.
    private static func exchange(
        _ datagram: [UInt8], with bmc: SimulatedBMC
    ) async throws -> [UInt8] {
        let address = try SocketAddress(ipAddress: bmc.host, port: bmc.ipmiPort ?? 0)
        let socket = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<
                        AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>
                    >(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await socket.executeThenClose { inbound, outbound in
            try await outbound.write(
                AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: datagram)))
            for try await envelope in inbound { return Array(envelope.data.readableBytesView) }
            return []
        }
    }
}
