import Testing

@testable import Redfish

@Suite("A BMC's address")
struct BMCAddressTests {
    private static let spellings = [
        ("https://10.0.1.7", "https://10.0.1.7"), ("HTTPS://BMC7.Example/", "https://bmc7.example"),
        ("https://10.0.1.7:443", "https://10.0.1.7"), ("http://bmc:80", "http://bmc"),
        ("https://bmc:80", "https://bmc:80"),
        ("https://[2001:db8::443]", "https://[2001:db8::443]"),
        ("https://[2001:db8::7]:443/", "https://[2001:db8::7]"),
    ]

    @Test("is the same however it is written", arguments: spellings)
    func normalised(text: String, url: String) {
        #expect(BMCAddress(text).url == url)
    }

    private static let links: [(String, String?)] = [
        ("/redfish/v1/Systems/1", "/redfish/v1/Systems/1"),
        ("/redfish/v1/Systems?$skip=50", "/redfish/v1/Systems?$skip=50"),
        ("/redfish/v1/Managers/bmc#/Oem", "/redfish/v1/Managers/bmc"),
        ("/redfish/v1/Systems/Slot 1", "/redfish/v1/Systems/Slot%201"),
        ("/redfish/v1/Systems/Slot%201", "/redfish/v1/Systems/Slot%201"),
        ("/redfish/v1/ü\r\n", "/redfish/v1/%C3%BC%0D%0A"),
        ("https://BMC/redfish/v1/Systems/A", "/redfish/v1/Systems/A"),
        ("https://bmc.evil/redfish/v1", nil), ("https://other/redfish/v1", nil),
        ("//other/redfish/v1", nil), ("redfish/v1", nil), ("", nil), ("#x", nil),
    ]

    @Test("resolves its own links only, and sends nothing that breaks a request", arguments: links)
    func resolves(link: String, path: String?) {
        #expect(BMCAddress("https://bmc").path(of: link) == path)
    }
}
