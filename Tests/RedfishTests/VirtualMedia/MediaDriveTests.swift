import Core
import Redfish
import Simulator
import TestServer
import Testing

@Suite("The choice of a virtual media drive", .timeLimit(.minutes(5)))
struct MediaDriveTests {
    @Test(
        "Each type of medium goes into a drive that takes it",
        arguments: [
            (MediaType.cd, "/CD1/"), (.usbStick, "/USB1/"), (.floppy, "/USB1/"),
        ])
    func type(_ type: MediaType, _ drive: String) async throws {
        try await MediaRack.with { bmc in
            try await bmc.provider.insertMedia(
                try MediaRack.image(MediaRack.url, type), into: bmc.device)
            #expect(bmc.commands.count == 1)
            #expect(bmc.commands.first?.path.contains(drive) == true)
        }
    }

    @Test("What somebody else put in is neither thrown out nor ejected")
    func occupied() async throws {
        try await MediaRack.with { bmc in
            let image = try MediaRack.image()
            try bmc.system.insertImage("http://eve:hunter2@192.0.2.99/theirs.iso?key=hunter2")
            let error = await #expect(throws: ProviderError.self) {
                try await bmc.provider.insertMedia(image, into: bmc.device)
            }
            #expect(error?.kind == .refused)
            #expect(error?.isIncapable == false)
            #expect(
                error?.message
                    == "insert \(MediaRack.url) refused: no drive for a CD is free: CD1 (CD, DVD)"
                    + " holds http://•••@192.0.2.99/theirs.iso, which Rackpool did not put in and"
                    + " leaves there: eject it by hand")
            try await bmc.provider.ejectMedia(image, from: bmc.device)
            #expect(bmc.commands.isEmpty)
            #expect(bmc.system.insertedImages.count == 1)
        }
    }

    @Test("Beside somebody else's image a free drive is used, and only ours comes out")
    func beside() async throws {
        try await MediaRack.with { bmc in
            try bmc.system.insertImage(MediaRack.foreign, intoDrive: 0)
            let stick = try MediaRack.image("http://192.0.2.1/stick.img")
            try await bmc.provider.insertMedia(stick, into: bmc.device)
            #expect(bmc.system.insertedImages == [MediaRack.foreign, stick.url])
            try await bmc.provider.ejectMedia(stick, from: bmc.device)
            #expect(bmc.system.insertedImages == [MediaRack.foreign])
        }
    }

    @Test("Our image that is in a drive already is taken over")
    func takenOver() async throws {
        try await MediaRack.with { bmc in
            try bmc.system.insertImage(MediaRack.url)
            try await bmc.provider.insertMedia(try MediaRack.image(), into: bmc.device)
            #expect(bmc.commands.isEmpty)
        }
    }

    @Test("A drive that is empty is left alone at the end")
    func nothingToEject() async throws {
        try await MediaRack.with { bmc in
            try await bmc.provider.ejectMedia(try MediaRack.image(), from: bmc.device)
            #expect(bmc.commands.isEmpty)
        }
    }

    @Test("A BMC without virtual media says so, and a lost cause is told from a passing one")
    func none() async throws {
        let service = try FakeService(Rack.oneSystem())
        defer { service.server.stop() }
        let provider = Rack.provider()
        let error = await #expect(throws: ProviderError.self) {
            try await provider.insertMedia(try MediaRack.image(), into: service.device())
        }
        #expect(error?.kind == .refused)
        #expect(error?.isIncapable == true)
        #expect(
            error?.message
                == "insert \(MediaRack.url) refused: the BMC shows no virtual media; a licence may be"
                + " missing")
        try await provider.ejectMedia(try MediaRack.image(), from: service.device())
    }

    @Test("A type for which there is no drive is refused with what there is")
    func noSuchDrive() async throws {
        let service = try FakeService(Self.managed(by: 1))
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await Rack.provider().insertMedia(
                try MediaRack.image(MediaRack.url, .floppy), into: service.device())
        }
        #expect(error?.isIncapable == true)
        #expect(error?.message.hasSuffix("no drive takes a Floppy; there are: CD1 (CD)") == true)
    }

    @Test("A drive of the manager of several systems is not used")
    func shared() async throws {
        let service = try FakeService(Self.managed(by: 2))
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await Rack.provider().insertMedia(
                try MediaRack.image(), into: service.device(system: "1"))
        }
        #expect(error?.isIncapable == true)
        #expect(error?.message.contains("virtual media are those of 2 systems") == true)
        #expect(service.bodies("POST").isEmpty)
    }

    /// Systems whose manager has one CD drive.
    private static func managed(by count: Int) -> [String: JSON] {
        let paths = (1...count).map { "/redfish/v1/Systems/\($0)" }
        let manager = "/redfish/v1/Managers/1"
        let links: JSON = ["ManagedBy": [["@odata.id": .string(manager)]]]
        var resources = Rack.service(
            Dictionary(
                uniqueKeysWithValues: paths.enumerated().map { index, path in
                    (path, Rack.computer("\(index + 1)", ["Links": links]))
                }))
        resources[manager] = [
            "VirtualMedia": ["@odata.id": .string(manager + "/VirtualMedia")],
            "Links": [
                "ManagerForServers": .array(paths.map { ["@odata.id": .string($0)] })
            ],
        ]
        resources[manager + "/VirtualMedia"] = [
            "Members": [["@odata.id": .string(manager + "/VirtualMedia/CD1")]]
        ]
        resources[manager + "/VirtualMedia/CD1"] = [
            "Id": "CD1", "MediaTypes": ["CD"], "Inserted": false, "Image": nil,
        ]
        return resources
    }
}
