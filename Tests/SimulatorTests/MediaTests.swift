import Core
import Simulator
import Testing

@Suite("Virtual media", .timeLimit(.minutes(5)))
struct MediaTests {
    private static let drive = systemPath + "/VirtualMedia/CD1"
    private static let insert = drive + "/Actions/VirtualMedia.InsertMedia"
    private static let eject = drive + "/Actions/VirtualMedia.EjectMedia"
    private static let url = "https://192.0.2.1/boot.iso"
    private static let image: JSON = ["Image": .string(url)]

    private func with(
        _ dialects: Set<Dialect> = [], _ body: (TestClient, SimulatedSystem) async throws -> Void
    ) async throws {
        try await withRack(
            1,
            {
                $0.dialects = dialects
                $0.initialPower = .off
            }
        ) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            try await body(client, rack.bmcs[0].systems[0])
            await client.close()
        }
    }

    @Test("an image is inserted and ejected, and shown meanwhile")
    func actions() async throws {
        try await with { client, system in
            let tag = try await client.get(Self.drive).header("ETag")
            #expect(try await client.post(Self.insert, Self.image).status == 204)
            let full = try await client.get(Self.drive)
            #expect(full.json["Image"] == .string(Self.url))
            #expect(full.json["ImageName"] == "boot.iso")
            #expect(full.json["Inserted"] == true)
            #expect(full.json["ConnectedVia"] == "URI")
            #expect(full.header("ETag") != tag)
            #expect(system.insertedImages == [Self.url])
            #expect(try await client.post(Self.eject, [:]).status == 204)
            let empty = try await client.get(Self.drive)
            #expect(empty.json["Image"]?.isNull == true)
            #expect(empty.json["Inserted"] == false)
            #expect(system.insertedImages.isEmpty)
        }
    }

    @Test("a drive that is full takes no other image")
    func full() async throws {
        try await with { client, system in
            try system.insertImage("https://192.0.2.99/theirs.iso")
            #expect(try await client.post(Self.insert, Self.image).status == 409)
            #expect(system.insertedImages == ["https://192.0.2.99/theirs.iso"])
        }
    }

    @Test("an override boots from a drive only if something is in it", arguments: [true, false])
    func boots(_ isFull: Bool) async throws {
        try await with { client, system in
            if isFull { _ = try await client.post(Self.insert, Self.image) }
            _ = try await client.patch(
                systemPath,
                [
                    "Boot": [
                        "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Cd",
                    ]
                ])
            _ = try await client.reset(systemPath, "On")
            try await system.waitForPower(.on)
            #expect(system.bootsFrom == [isFull ? "Cd" : "None"])
        }
    }

    @Test(
        "what is wrong with an insertion is refused",
        arguments: [
            ([], [:], "ActionParameterMissing"),
            ([], ["Image": 1], "PropertyValueTypeError"),
            ([], ["Image": "boot.iso"], "PropertyValueTypeError"),
            (
                [.mediaImageOnly], ["Image": .string(url), "Inserted": true],
                "ActionParameterNotSupported"
            ),
            ([.mediaNeedsProtocol], image, "ActionParameterMissing"),
            ([.mediaNeedsMethod], image, "ActionParameterMissing"),
            ([.mediaNeedsUser], image, "ActionParameterMissing"),
            ([.mediaMuteRefusal], image, "GeneralError"),
        ] as [(Set<Dialect>, JSON, String)])
    func refused(_ dialects: Set<Dialect>, _ body: JSON, _ key: String) async throws {
        try await with(dialects) { client, system in
            let answer = try await client.post(Self.insert, body)
            #expect(answer.status == 400)
            #expect(answer.messageID == "Base.1.18.\(key)")
            #expect(system.insertedImages.isEmpty)
        }
    }

    @Test("without actions a change of the drive inserts and ejects")
    func patch() async throws {
        try await with([.mediaByPatch]) { client, system in
            let drive = try await client.get(Self.drive)
            #expect(drive.json["Actions"]?.isNull == true)
            let action = try await client.post(Self.insert, Self.image)
            #expect(action.status == 404)
            let alone = try await client.patch(Self.drive, Self.image)
            #expect(alone.status == 200)
            #expect(system.insertedImages.isEmpty, "not without Inserted")
            let body: JSON = ["Image": .string(Self.url), "Inserted": true]
            let inserted = try await client.patch(Self.drive, body)
            #expect(inserted.status == 200)
            #expect(system.insertedImages == [Self.url])
            let ejected = try await client.patch(Self.drive, ["Image": nil, "Inserted": false])
            #expect(ejected.status == 200)
            #expect(system.insertedImages.isEmpty)
        }
    }

    @Test("a slow BMC shows a change at the third look")
    func slow() async throws {
        try await with([.mediaSlow]) { client, system in
            _ = try await client.post(Self.insert, Self.image)
            for isThere in [false, false, true] {
                #expect(try await client.get(Self.drive).json["Inserted"] == .bool(isThere))
            }
            #expect(system.insertedImages == [Self.url])
        }
    }

    @Test("an image that is ejected may leave its URL behind")
    func keepsImage() async throws {
        try await with([.mediaKeepsImage]) { client, system in
            _ = try await client.post(Self.insert, Self.image)
            _ = try await client.post(Self.eject, [:])
            let empty = try await client.get(Self.drive)
            #expect(empty.json["Image"] == .string(Self.url))
            #expect(empty.json["Inserted"] == false)
            #expect(system.insertedImages.isEmpty)
        }
    }

    @Test("a drive of the manager is seen by the systems that it manages")
    func manager() async throws {
        let fixture = try Fixture(folder: Recordings.folder(of: "rack-server"))
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let drive = "/redfish/v1/Managers/BMC/VirtualMedia/CD1"
            let answer = try await client.post(
                drive + "/Actions/VirtualMedia.InsertMedia", Self.image)
            #expect(answer.status == 204)
            #expect(rack.bmcs[0].systems[0].insertedImages == [Self.url])
            await client.close()
        }
    }
}
