import Testing

@testable import Core

@Suite("An inventory whose ranges stand for too much") struct InventoryLimitTests {
    private func mistakes(_ text: String) -> [String] {
        do throws(InventoryError) {
            _ = try Inventory(
                parsing: text, file: "inventory.yaml", environment: [:], providers: ["redfish"],
                limits: InventoryLimits(devices: 10, texts: 30))
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test("is refused for its devices, counted over all entries")
    func devices() {
        let text = """
            devices:
              - {name: "a[1-6]", bmc: "https://10.0.0.[1-6]"}
              - {name: "b[1-5]", bmc: "https://10.0.1.[1-5]"}
              - {name: "c[1-4]", bmc: "https://10.0.2.[1-4]"}
              - {name: d, bmc: "https://10.0.3.1"}
            """
        #expect(
            mistakes(text) == [
                "inventory.yaml:3: devices[1].name: makes ranges stand for more than 10 devices in all"
            ])
    }

    @Test("is refused for its texts, also where there is no name to hold them against")
    func texts() {
        let text = """
            devices:
              - {name: "a[1-9]", bmc: "https://10.0.0.[1-9]", labels: {x: "[1-9]", y: "[1-9]"}}
              - {bmc: "https://10.0.1.[1-9]"}
            """
        let found = mistakes(text)
        #expect(
            found.contains(
                "inventory.yaml:3: devices[1].bmc: makes ranges stand for more than 30 texts in all"
            )
        )
        #expect(found.count { $0.contains("more than 30 texts") } == 2)
    }

    @Test("is none if each device is written out")
    func explicit() {
        let lines = (1...40).map { "  - {name: n\($0), bmc: https://10.0.0.\($0)}" }
        #expect(mistakes("devices:\n" + lines.joined(separator: "\n")).isEmpty)
    }
}
