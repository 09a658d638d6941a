import Core
import Testing

@Suite struct SpecPropertiesTests {
    @Test("every property is read")
    func all() throws {
        let properties = try SpecProperties(
            parsing: [
                "Selector": ["sku": "gpu"], "Rack": "r1",
                "Require": [
                    "MinCores": 32, "MinMemoryGiB": 1.5, "Model": "X", "Manufacturer": "Y",
                ],
                "Boot": [
                    "Target": "UefiHttp", "Mode": "UEFI", "Once": false,
                    "HttpBootUri": "http://192.0.2.1/boot.efi",
                ],
                "PowerOff": true, "Grace": "1500ms", "Spread": "rack", "Note": "n",
            ])
        #expect(properties.selector == ["sku": "gpu", "rack": "r1"])
        #expect(properties.require.minimumCores == 32)
        #expect(properties.require.minimumMemoryGiB == 1.5)
        #expect(
            properties.boot
                == BootOverride(
                    target: .uefiHttp, mode: .uefi, once: false,
                    httpBootURI: "http://192.0.2.1/boot.efi"))
        #expect(properties.powerOff)
        #expect(properties.grace == .milliseconds(1500))
        #expect(properties.spread == "rack")
    }

    @Test("no properties are no wishes")
    func null() throws {
        #expect(try SpecProperties(parsing: .null) == SpecProperties())
        #expect(try SpecProperties(parsing: [:]) == SpecProperties())
    }

    @Test("the example that /info/api.json shows is valid")
    func example() throws {
        _ = try SpecProperties(parsing: SpecProperties.example)
    }

    @Test(
        "a mistake is refused with its path",
        arguments: [
            (["Selektor": [:]], #"Properties.Selektor: unknown key; did you mean "Selector"?"#),
            (
                ["Require": ["MinCore": 1]],
                #"Properties.Require.MinCore: unknown key; did you mean "MinCores"?"#
            ),
            (
                ["Require": ["MinCores": "1"]],
                "Properties.Require.MinCores: is a string and should be an integer from 0"
            ),
            (
                ["Boot": ["Target": "pxe"]],
                #"Properties.Boot.Target: unknown value "pxe"; did you mean "Pxe"?"#
            ),
            (["Boot": [:]], "Properties.Boot.Target: is missing: give one of Pxe, Hdd"),
            (
                ["Boot": ["Target": "Pxe", "HttpBootUri": "http://192.0.2.1/"]],
                "Properties.Boot.HttpBootUri: goes with Target UefiHttp only"
            ),
            (
                ["Boot": ["Target": "UefiHttp", "HttpBootUri": "http://u:hush@192.0.2.1/"]],
                "Properties.Boot.HttpBootUri: has a user name or password in it, which would be kept in"
                    + " the state file and shown by a describe: serve the image to the BMCs without"
            ),
            (["Grace": "30"], #"Properties.Grace: "30" is no duration such as 500ms, 30s, 5m"#),
            (
                ["Grace": 30],
                #"Properties.Grace: is an integer and should be a duration such as "30s""#
            ),
            (["PowerOff": "yes"], "Properties.PowerOff: is a string and should be true or false"),
            (
                ["Selector": ["rack": 1]],
                "Properties.Selector.rack: is an integer and should be a string"
            ),
            (
                ["Selector": ["rack": "r1"], "Rack": "r2"],
                #"Properties.Rack: is "r2", but Selector.rack is "r1""#
            ),
            (["Zzz": 1], "Properties.Zzz: unknown key; known are Selector, "),
            ([1], "Properties: is an array and should be an object"),
        ] as [(JSON, String)])
    func mistake(_ properties: JSON, _ text: String) {
        #expect {
            _ = try SpecProperties(parsing: properties)
        } throws: { error in
            "\(error)".contains(text)
        }
    }

    @Test("all mistakes are told in one go")
    func together() {
        #expect {
            _ = try SpecProperties(parsing: ["A": 1, "Note": 2, "Grace": "x"])
        } throws: { error in
            (error as? SpecError)?.mistakes.count == 3
        }
    }

    @Test(
        "durations are read and written as people write them",
        arguments: [
            ("500ms", 500), ("30s", 30_000), ("1.5s", 1500), ("5m", 300_000), ("2h", 7_200_000),
            ("0", 0),
        ])
    func durations(_ text: String, _ milliseconds: Int64) throws {
        let duration = try #require(Duration(text: text))
        #expect(duration.milliseconds == milliseconds)
        #expect(Duration(text: duration.text) == duration)
    }

    @Test(
        "other texts are no durations",
        arguments: ["", "5", "s", "-5s", "5 s", "5d", "1e9h", "..s"])
    func noDurations(_ text: String) {
        #expect(Duration(text: text) == nil)
    }
}
