import Core
import Testing

@testable import InfraKit

@Suite("The plugin's information")
struct PluginInfoTests {
    @Test("shows the example properties where a person writes them")
    func example() throws {
        let example: JSON = ["Rack": "r1"]
        let info = PluginInfo.json(
            vendor: PluginVendor(
                name: "Rackpool", version: "1.2", sub: "s", url: "https://rack.pool"),
            exampleProperties: example, seconds: 1_795_219_453)
        #expect(
            info["Vendor"]
                == ["Name": "Rackpool", "Version": "1.2", "Sub": "s", "URL": "https://rack.pool"])
        let methods = try #require(info["Interfaces"]?[0]?["Methods"]?.array)
        let requests = methods.compactMap { $0["Request"] }
        let provision = try #require(requests.first { $0["method"] == "Instance.Provision" })
        let validate = try #require(requests.first { $0["method"] == "Instance.Validate" })
        #expect(provision["params"]?["Spec"]?["Properties"] == example)
        #expect(validate["params"]?["Properties"] == example)
        #expect(validate["id"] == "1795219453")
    }
}
