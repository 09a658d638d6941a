import Core
import Simulator
import Testing

@Suite("Serving resources", .timeLimit(.minutes(5)))
struct ServingTests {
    @Test("the service root and a system are served with the headers of the standard")
    func headers() async throws {
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            for path in ["/redfish/v1", "/redfish/v1/", systemPath, systemPath + "/"] {
                let answer = try await client.get(path)
                #expect(answer.status == 200)
                #expect(answer.header("OData-Version") == "4.0")
                #expect(answer.header("Content-Type") == "application/json")
                #expect(answer.json["@odata.id"] != nil)
            }
            #expect(try await client.get("/redfish").json == ["v1": "/redfish/v1/"])
            #expect(rack.bmcs[0].statistics.connections == 1, "the connection is kept")
        }
    }

    @Test("HEAD is GET without the body")
    func head() async throws {
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let full = try await client.get(systemPath)
            let head = try await client.send("HEAD", systemPath)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(
                head.header("Content-Length")
                    == full.header("Content-Length"))
            #expect(try await client.get(systemPath).status == 200)
        }
    }

    @Test("what does not exist is 404, and what can't be done is 405 with what can")
    func unknown() async throws {
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let missing = try await client.get("/redfish/v1/Systems/2")
            #expect(missing.status == 404)
            #expect(missing.messageID == "Base.1.18.ResourceMissingAtURI")
            let refused = try await client.send("DELETE", systemPath)
            #expect(refused.status == 405)
            #expect(refused.header("Allow") == "GET, HEAD, PATCH")
            #expect(try await client.patch("/redfish/v1", ["Name": "x"]).status == 405)
            #expect(try await client.patch("/redfish/v1/Systems", ["Name": "x"]).status == 405)
        }
    }

    @Test("a body that is too large is refused, whether it is announced or not")
    func tooLarge() async throws {
        try await withRack(1, { $0.maximumBodySize = 1000 }) { rack in
            let body = String(repeating: " ", count: 2000)
            for headers in [[:], ["Transfer-Encoding": "chunked"]] {
                let client = try await TestClient(to: rack.bmcs[0].url)
                let answer = try await client.send(
                    "PATCH", systemPath, headers: headers, body: body)
                #expect(answer.status == 413)
                #expect(answer.header("Connection") == "close")
            }
        }
    }

    @Test("a PATCH merges what it may, and takes all or nothing")
    func patch() async throws {
        try await withRack(2) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let answer = try await client.patch(systemPath, ["AssetTag": "shelf 7"])
            #expect(answer.status == 200)
            #expect(answer.json["AssetTag"] == "shelf 7")
            #expect(try await client.get(systemPath).json["AssetTag"] == "shelf 7")

            let other = try await TestClient(to: rack.bmcs[1].url)
            #expect(try await other.get(systemPath).json["AssetTag"] == "r1u02")

            let refused = try await client.patch(
                systemPath,
                [
                    "IndicatorLED": "Lit", "Boot": ["BootSourceOverrideTarget": "Pxe"],
                    "PowerState": "On",
                ])
            #expect(refused.status == 400)
            #expect(refused.messageID == "Base.1.18.PropertyNotWritable")
            let after = try await client.get(systemPath).json
            #expect(after["IndicatorLED"] == "Off")
            #expect(after["Boot"]?["BootSourceOverrideTarget"] == "None")
            #expect(try await client.patch(systemPath, ["Colour": "red"]).status == 400)
            #expect(try await client.patch(systemPath, [:]).status == 400)
        }
    }

    @Test("a change with an old ETag is refused")
    func etags() async throws {
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let before = try await client.get(systemPath)
            let etag = try #require(before.header("ETag"))
            #expect(before.json["@odata.etag"]?.string == etag)
            let change: JSON = ["Boot": ["BootSourceOverrideEnabled": "Once"]]
            let changed = try await client.patch(systemPath, change, headers: ["If-Match": etag])
            #expect(changed.status == 200)
            #expect(changed.header("ETag") != etag)
            let stale = try await client.patch(systemPath, change, headers: ["If-Match": etag])
            #expect(stale.status == 412)
            #expect(
                try await client.patch(systemPath, change, headers: ["If-Match": "*"]).status == 200
            )
            #expect(try await client.patch(systemPath, change).status == 200)
        }
    }

    @Test("a BMC may require If-Match, or know no ETags")
    func etagPolicies() async throws {
        let change: JSON = ["IndicatorLED": "Lit"]
        try await withRack(1, { $0.dialects = [.strictETag] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.patch(systemPath, change).status == 428)
        }
        try await withRack(1, { $0.dialects = [.noETag] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let answer = try await client.patch(systemPath, change, headers: ["If-Match": "x"])
            #expect(answer.status == 200)
            #expect(answer.header("ETag") == nil)
        }
    }

    @Test("a test may change any resource of one BMC")
    func change() async throws {
        try await withRack(2) { rack in
            let path = "/redfish/v1/Chassis/1/PowerSubsystem/PowerSupplies/2"
            try rack.bmcs[0].change(path, merging: ["Status": ["Health": "Critical"]])
            let client = try await TestClient(to: rack.bmcs[0].url)
            let supply = try await client.get(path).json
            #expect(supply["Status"] == ["State": "Enabled", "Health": "Critical"])
            let other = try await TestClient(to: rack.bmcs[1].url)
            #expect(try await other.get(path).json["Status"]?["Health"] == "OK")
            #expect(throws: SimulatorError.self) {
                try rack.bmcs[0].change("/redfish/v1/Nothing", merging: [:])
            }
        }
    }

    @Test("no two machines have a serial number, UUID, MAC address or asset tag in common")
    func identities() async throws {
        try await withRack(30) { rack in
            var seen: Set<String> = []
            for bmc in rack.bmcs {
                let client = try await TestClient(to: bmc.url)
                let system = try await client.get(systemPath).json
                for key in ["SerialNumber", "UUID", "AssetTag"] {
                    let value = try #require(system[key]?.string)
                    #expect(seen.insert(value).inserted, "\(key) \(value) repeats")
                }
                for interface in ["NIC1", "NIC2"] {
                    let path = systemPath + "/EthernetInterfaces/" + interface
                    let mac = try #require(try await client.get(path).json["MACAddress"]?.string)
                    #expect(seen.insert(mac).inserted, "\(mac) repeats")
                }
                let chassis = try await client.get("/redfish/v1/Chassis/1").json
                #expect(chassis["SerialNumber"] == system["SerialNumber"])
            }
        }
    }

    @Test("the log holds the last requests, and the statistics count them all")
    func log() async throws {
        try await withRack(1, { $0.requestLogLimit = 3 }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            for number in 0..<10 { _ = try await client.get("/\(number)") }
            #expect(rack.bmcs[0].requests.map(\.description) == ["GET /7", "GET /8", "GET /9"])
            let statistics = rack.bmcs[0].statistics
            #expect(statistics.requests == 10)
            #expect(statistics.mostRequestsInFlight == 1)
        }
    }
}
