import Testing

@testable import InfraKit

@Suite("The plugin directory")
struct PluginDirectoryTests {
    @Test(
        "is found as InfraKit's clients find it",
        arguments: [
            (["INFRAKIT_PLUGINS_DIR": "/p", "INFRAKIT_HOME": "/i"], "/p"),
            (["INFRAKIT_PLUGINS_DIR": "", "INFRAKIT_HOME": "/i"], "/i/plugins"),
            (["INFRAKIT_HOME": ""], "/home/me/.infrakit/plugins"),
            ([:], "/home/me/.infrakit/plugins"),
        ])
    func path(_ environment: [String: String], _ expected: String) {
        #expect(PluginDirectory.path(environment: environment, home: "/home/me") == expected)
    }
}
