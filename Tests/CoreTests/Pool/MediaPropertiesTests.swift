import Core
import Testing

@Suite("The property Media") struct MediaPropertiesTests {
    private static func media(_ json: JSON) throws -> MediaImage? {
        try SpecProperties(parsing: ["Media": json]).media
    }

    @Test("is an object")
    func object() throws {
        let media = try #require(
            try Self.media([
                "Image": "HTTPS://Images.Example:8443/a/Boot.img?x=1", "Type": "Floppy",
                "TransferProtocol": "HTTPS", "WriteProtected": false,
            ]))
        #expect(media.url == "HTTPS://Images.Example:8443/a/Boot.img?x=1")
        #expect(media.type == .floppy)
        #expect(media.statedProtocol == .https)
        #expect(!media.isWriteProtected)
        #expect(media.fileName == "Boot.img")
        #expect(media.displayed == "https://images.example:8443/a/Boot.img")
    }

    @Test("is an URL alone, for short")
    func short() throws {
        let media = try #require(try Self.media("http://192.0.2.1/boot.iso"))
        #expect(media.type == .cd)
        #expect(media.transferProtocol == .http)
        #expect(media.statedProtocol == nil)
        #expect(media.isWriteProtected)
        #expect(try SpecProperties(parsing: ["Media": nil]).media == nil)
    }

    @Test(
        "takes its type from the file's name",
        arguments: [
            ("http://192.0.2.1/a.ISO", MediaType.cd), ("nfs://192.0.2.1/export/a.img", .usbStick),
            ("smb://192.0.2.1/share/a.raw", .usbStick), ("http://192.0.2.1/boot", .cd),
        ])
    func type(_ url: String, _ type: MediaType) throws {
        #expect(try Self.media(.string(url))?.type == type)
    }

    @Test("is what the server boots from if nothing else is said")
    func bootSource() throws {
        let source = { (json: JSON) in try SpecProperties(parsing: json).bootSource }
        let url: JSON = "http://192.0.2.1/a.iso"
        #expect(try source(["Media": url]) == BootOverride(target: .cd))
        #expect(
            try source(["Media": ["Image": url, "Type": "USBStick"]])
                == BootOverride(target: .usb))
        #expect(
            try source(["Media": url, "Boot": ["Target": "Pxe"]]) == BootOverride(target: .pxe))
        #expect(try source([:]) == nil)
    }

    @Test(
        "is refused with its path if it is wrong",
        arguments: [
            (1, "Properties.Media: is an integer and should be an image's URL or an object"),
            ([:], "Properties.Media.Image: is missing: give the image's URL"),
            (["Image": nil], "Properties.Media.Image: is missing: give the image's URL"),
            (["Image": ""], "Properties.Media.Image: is empty"),
            (["Image": 7], "Properties.Media.Image: is an integer and should be a string"),
            ("boot.iso", "Properties.Media: is no URL such as https://192.0.2.1/boot.iso"),
            ("http://192.0.2.1/a b.iso", "Properties.Media: is no URL such as"),
            (
                "file:///boot.iso",
                "Properties.Media: has the scheme file: no BMC fetches from there"
            ),
            ("http:///boot.iso", "Properties.Media: names no host"),
            ("http://192.0.2.1", "Properties.Media: names no file"),
            ("http://192.0.2.1/a/", "Properties.Media: names no file"),
            (
                ["Image": "http://192.0.2.1/a.iso", "Typ": "CD"],
                #"Properties.Media.Typ: unknown key; did you mean "Type"?"#
            ),
            (
                ["Image": "http://192.0.2.1/a.iso", "Type": "Cd"],
                #"Properties.Media.Type: unknown value "Cd"; did you mean "CD"?"#
            ),
            (
                ["Image": "http://192.0.2.1/a.iso", "TransferProtocol": "HTTPS"],
                "Properties.Media.TransferProtocol: is HTTPS, but Image begins with http://"
            ),
            (
                ["Image": "http://192.0.2.1/a.iso", "WriteProtected": 1],
                "Properties.Media.WriteProtected: is an integer and should be true or false"
            ),
        ] as [(JSON, String)])
    func mistake(_ json: JSON, _ text: String) {
        #expect {
            _ = try Self.media(json)
        } throws: { error in
            "\(error)".hasPrefix(text)
        }
    }

    @Test(
        "is refused if it holds a secret, which is not repeated",
        arguments: [
            "http://admin:hunter2@192.0.2.1/a.iso",
            ["Image": "http://hunter2@192.0.2.1/a.iso"],
            ["Image": "http://192.0.2.1/a.iso", "UserName": "admin", "Password": "hunter2"],
            "admin:hunter2@192.0.2.1/a.iso",
            "hunter2://192.0.2.1 /a.iso",
        ] as [JSON])
    func secret(_ json: JSON) {
        #expect {
            _ = try Self.media(json)
        } throws: { error in
            !"\(error)".contains("hunter2")
        }
    }

    @Test("has all its mistakes told in one go")
    func together() {
        #expect {
            _ = try Self.media([
                "Image": "ftp://192.0.2.1/a", "Type": "Tape", "WriteProtected": "no", "Size": 1,
                "Password": "x",
            ])
        } throws: { error in
            (error as? SpecError)?.mistakes.count == 5
        }
    }

    @Test(
        "keeps the URL's query out of texts",
        arguments: [
            ("GET http://h/a.iso?token=s3cr3tvalue failed", "GET http://h/a.iso?••• failed"),
            ("cut short: http://h/a.iso?token=s3cr", "cut short: http://h/a.iso?•••"),
            ("nothing in here", "nothing in here"),
        ])
    func query(_ text: String, _ scrubbed: String) throws {
        let image = try MediaImage(url: "http://h/a.iso?token=s3cr3tvalue")
        #expect(image.displayed == "http://h/a.iso")
        #expect(image.scrubbing(text) == scrubbed)
    }
}
