internal import Foundation

/// The directory in which InfraKit's clients look for plugins.
public enum PluginDirectory {
    /// `$INFRAKIT_PLUGINS_DIR`, else `$INFRAKIT_HOME/plugins`, else `~/.infrakit/plugins`
    /// (docker/infrakit, `pkg/discovery/local/dir.go`). An empty variable counts as absent.
    public static func path() -> String {
        path(
            environment: ProcessInfo.processInfo.environment,
            home: FileManager.default.homeDirectoryForCurrentUser.path)
    }

    static func path(environment: [String: String], home: String) -> String {
        if let directory = environment["INFRAKIT_PLUGINS_DIR"], !directory.isEmpty {
            return directory
        }
        if let infrakitHome = environment["INFRAKIT_HOME"], !infrakitHome.isEmpty {
            return "\(infrakitHome)/plugins"
        }
        return "\(home)/.infrakit/plugins"
    }

    /// Makes the directory, open to its owner alone, if it is missing.
    static func create(_ path: String) throws(PluginServerError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .system(
                operation: "making the plugin directory", path: path,
                reason: error.localizedDescription)
        }
    }
}
