internal import Core

/// What `GET /info/api.json` tells about the plugin: every method of the instance SPI with an empty
/// request and answer (docker/infrakit, `pkg/rpc/server/reflector.go` and `plugin.Info`).
enum PluginInfo {
    /// - Parameter seconds: the time of day since 1970, which the reference uses as the id.
    static func json(vendor: PluginVendor?, exampleProperties: JSON, seconds: Int) -> JSON {
        let instance: JSONObject = [
            "Name": .string(InterfaceVersion.instance.name),
            "Version": .string(InterfaceVersion.instance.version), "Sub": "",
        ]
        var described = instance
        described["Methods"] = .array(
            methods(exampleProperties).map { name, params, result in
                method(name, params: params, result: result, id: "\(seconds)")
            })
        return [
            "Vendor": vendor.map(json) ?? .null,
            "Implements": [.object(instance)],
            "Interfaces": [.object(described)],
        ]
    }

    private static func json(_ vendor: PluginVendor) -> JSON {
        [
            "Name": .string(vendor.name), "Version": .string(vendor.version),
            "Sub": .string(vendor.sub), "URL": .string(vendor.url),
        ]
    }

    // In the reference's order, which is that of the names.
    private static func methods(_ properties: JSON) -> [(name: String, params: JSON, result: JSON)]
    {
        let done: JSON = ["Type": "", "OK": false]
        return [
            (
                "Instance.DescribeInstances", ["Type": "", "Tags": nil, "Properties": false],
                ["Type": "", "Descriptions": nil]
            ),
            (
                "Instance.Destroy", ["Type": "", "Instance": "", "Context": ["Reason": ""]],
                done
            ),
            ("Instance.Label", ["Type": "", "Instance": "", "Labels": nil], done),
            (
                "Instance.Provision",
                [
                    "Type": "",
                    "Spec": [
                        "Properties": properties, "Tags": nil, "Init": "", "LogicalID": nil,
                        "Attachments": nil,
                    ],
                ],
                ["Type": "", "ID": nil]
            ),
            ("Instance.Validate", ["Type": "", "Properties": properties], done),
        ]
    }

    private static func method(_ name: String, params: JSON, result: JSON, id: String) -> JSON {
        [
            "Request": [
                "jsonrpc": "2.0", "method": .string(name), "params": params, "id": .string(id),
            ],
            "Response": ["result": result, "id": .string(id)],
        ]
    }
}
