import Core
import Redfish
import Simulator
import Testing

@Suite("Virtual media, as BMCs differ", .timeLimit(.minutes(5)))
struct MediaDialectTests {
    @Test(
        "An image goes in, is booted from and comes out",
        arguments: [
            [], [.mediaByPatch], [.mediaImageOnly], [.mediaKeepsImage], [.mediaMuteRefusal],
            [.mediaNeedsMethod], [.mediaNeedsProtocol], [.mediaNeedsUser], [.mediaSlow],
            [.mediaDeafSlot], [.mediaLingers], [.mediaStumbles],
            [.mediaByPatch, .mediaSlow], [.mediaByPatch, .strictETag],
            [.mediaNeedsMethod, .mediaNeedsProtocol, .mediaNeedsUser],
        ] as [Set<Dialect>])
    func lifecycle(_ dialects: Set<Dialect>) async throws {
        try await MediaRack.with(dialects) { bmc in
            let image = try MediaRack.image()
            try await bmc.provider.insertMedia(image, into: bmc.device)
            #expect(bmc.system.insertedImages == [MediaRack.url])
            try await bmc.provider.setBoot(BootOverride(target: .cd), of: bmc.device)
            try await bmc.provider.setPower(.on, of: bmc.device)
            try await bmc.system.waitForPower(.on)
            #expect(bmc.system.bootsFrom == ["Cd"])
            try await bmc.provider.ejectMedia(image, from: bmc.device)
            #expect(bmc.system.insertedImages.isEmpty)

            // What an earlier image left behind keeps no other out.
            let other = try MediaRack.image("http://192.0.2.1/other.iso")
            try await bmc.provider.insertMedia(other, into: bmc.device)
            #expect(bmc.system.insertedImages == [other.url])
        }
    }

    @Test(
        "A slot that refuses an image, or takes it and does nothing, is followed by the next",
        arguments: [204, 400, 403, 404, 405, 409, 500, 501])
    func deafSlot(_ status: Int) async throws {
        try await DialectRig.run([.mediaDeafSlot]) { rig in
            rig.rack.onRequest { request, moment in
                guard case .arrived = moment, request.method == "POST",
                    request.path.contains("Slot0")
                else { return .proceed }
                return .answer(SimulatedAnswer(status: status))
            }
            try await rig.provider.insertMedia(try MediaRack.image(), into: rig.device)
            #expect(rig.system.insertedImages == [MediaRack.url])
        }
    }

    @Test("An image on NFS goes in as host:/path where its URL is not taken")
    func nfs() async throws {
        try await MediaRack.with([.mediaNFSPath]) { bmc in
            let image = try MediaRack.image("nfs://192.0.2.1/export/boot.iso")
            try await bmc.provider.insertMedia(image, into: bmc.device)
            #expect(bmc.system.insertedImages == ["192.0.2.1:/export/boot.iso"])
            try await bmc.provider.ejectMedia(image, from: bmc.device)
            #expect(bmc.system.insertedImages.isEmpty)
        }
    }

    @Test("A drive that a BMC boots as UsbCd is booted as that")
    func usbCD() async throws {
        try await MediaRack.with([.mediaAsUSBCD]) { bmc in
            try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            try await bmc.provider.setBoot(BootOverride(target: .cd), of: bmc.device)
            try await bmc.provider.setPower(.on, of: bmc.device)
            try await bmc.system.waitForPower(.on)
            #expect(bmc.system.bootsFrom == ["UsbCd"])
        }
    }

    @Test("A BMC that takes the image alone is sent nothing else, and once")
    func imageOnly() async throws {
        try await MediaRack.with([.mediaImageOnly]) { bmc in
            try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            #expect(bmc.commands.count == 1)
        }
    }

    @Test(
        "A BMC that demands a parameter is sent that one, and nothing that it did not ask for",
        arguments: [
            (.mediaNeedsMethod, ["Image", "TransferMethod"]),
            (.mediaNeedsProtocol, ["Image", "TransferProtocolType"]),
            (.mediaNeedsUser, ["Image", "Password", "UserName"]),
        ] as [(Dialect, [String])])
    func demanded(_ dialect: Dialect, _ names: [String]) async throws {
        try await MediaRack.with([dialect]) { bmc in
            let (sent, note) = AsyncStream<[String]>.makeStream()
            bmc.rack.onRequest { request, moment in
                if case .arrived = moment, request.method == "POST" {
                    note.yield((try? JSON(parsing: request.body))?.object?.keys.sorted() ?? [])
                }
                return .proceed
            }
            try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            note.finish()
            #expect(await sent.reduce(into: []) { $0.append($1) } == [["Image"], names])
        }
    }

    @Test("Write access that a BMC does not give is refused, not dropped")
    func writeAccess() async throws {
        try await MediaRack.with([.mediaImageOnly]) { bmc in
            let error = await #expect(throws: ProviderError.self) {
                try await bmc.provider.insertMedia(
                    try MediaRack.image(isWriteProtected: false), into: bmc.device)
            }
            #expect(error?.kind == .refused)
            #expect(error?.message.contains("WriteProtected") == true)
            #expect(bmc.system.insertedImages.isEmpty)
        }
    }

    @Test("An image that is never shown is an error that says so")
    func neverShown() async throws {
        var timeouts = RedfishTimeouts()
        timeouts.media = .milliseconds(50)
        try await MediaRack.with(timeouts: timeouts) { bmc in
            // Takes the command and does nothing.
            bmc.rack.onRequest { request, moment in
                if case .arrived = moment, request.method == "POST" {
                    return .answer(SimulatedAnswer(status: 204))
                }
                return .proceed
            }
            let error = await #expect(throws: ProviderError.self) {
                try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            }
            #expect(error?.kind == .refused)
            #expect(
                error?.message.hasSuffix(
                    "the BMC took the command, but CD1 (CD, DVD) does not show the image after"
                        + " 50ms: can the BMC reach \(MediaRack.url)?") == true)
        }
    }

    @Test("An answer that is lost is looked after, not repeated")
    func lostAnswer() async throws {
        try await MediaRack.with { bmc in
            bmc.rack.onRequest { request, moment in
                if case .executed = moment, request.method == "POST" { return .drop }
                return .proceed
            }
            try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            #expect(bmc.system.insertedImages == [MediaRack.url])
            #expect(bmc.commands.count == 1)
        }
    }

    @Test("A BMC that repeats the image's URL in its refusal gives no token away")
    func secret() async throws {
        try await MediaRack.with { bmc in
            let url = "http://192.0.2.1/boot.iso?token=hunter2hunter2"
            bmc.rack.onRequest { request, moment in
                guard case .arrived = moment, request.method == "POST" else { return .proceed }
                let body: JSON = [
                    "error": [
                        "code": "Base.1.8.ResourceAtUriUnauthorized",
                        "message": .string("Can't fetch \(url), for it is not there."),
                    ]
                ]
                return .answer(SimulatedAnswer(status: 400, json: body))
            }
            let error = await #expect(throws: ProviderError.self) {
                try await bmc.provider.insertMedia(try MediaRack.image(url), into: bmc.device)
            }
            #expect(error?.message.contains("Can't fetch http://192.0.2.1/boot.iso?•••") == true)
            #expect(error?.message.contains("hunter2") == false)
        }
    }
}
