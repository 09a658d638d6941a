internal import Core

extension SyntheticServer {
    static let media = system + "/VirtualMedia"

    /// The system's virtual media drives.
    static var mediaResources: [JSON] {
        [
            collection(media, of: "VirtualMedia", ["CD1", "USB1"]),
            drive(media + "/CD1", name: "Virtual CD", types: ["CD", "DVD"]),
            drive(
                media + "/USB1", name: "Virtual removable medium", types: ["Floppy", "USBStick"]),
        ]
    }

    private static func drive(_ path: String, name: String, types: JSON) -> JSON {
        let action = { (name: String) -> JSON in
            ["target": .string(path + "/Actions/VirtualMedia." + name)]
        }
        return resource(
            path, "VirtualMedia.v1_6_4.VirtualMedia", name: name,
            [
                "MediaTypes": types, "Image": nil, "ImageName": nil, "Inserted": false,
                "ConnectedVia": "NotConnected", "WriteProtected": true, "Status": enabled,
                "Actions": [
                    "#VirtualMedia.InsertMedia": action("InsertMedia"),
                    "#VirtualMedia.EjectMedia": action("EjectMedia"),
                ],
            ])
    }
}
