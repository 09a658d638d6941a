import Core
import Foundation
import Testing

@Suite("Folders of fixtures")
struct FixtureFolderTests {
    @Test("every resource says where it is", arguments: Recordings.committedNames)
    func ownLinks(_ name: String) throws {
        for (path, resource) in try FixtureFolder(name).resources {
            let own = resource["@odata.id"]?.string ?? resource["links"]?["self"]?["href"]?.string
            let place = own.map(FixtureFolder.canonical)
            #expect(place?.lowercased() == path.lowercased(), "\(name): \(path)")
        }
    }

    @Test(
        "every link of a service written by hand resolves, or is known to be dead",
        arguments: Recordings.handWrittenNames)
    func links(_ name: String) throws {
        let folder = try FixtureFolder(name)
        let present = Set(folder.resources.keys.map { $0.lowercased() })
        var dead: Set<String> = []
        for (_, resource) in folder.resources {
            dead.formUnion(
                FixtureFolder.links(in: resource).map(FixtureFolder.canonical)
                    .filter { !present.contains($0.lowercased()) })
        }
        #expect(dead.sorted() == folder.deadLinks.sorted())
    }

    @Test("no two services written by hand have a serial number or a MAC address in common")
    func identities() throws {
        var owners: [String: String] = [:]
        for name in Recordings.handWrittenNames {
            for (_, resource) in try FixtureFolder(name).resources {
                for identity in FixtureFolder.identities(in: resource) {
                    let owner = owners.updateValue(name, forKey: identity)
                    #expect(owner == nil || owner == name, "\(identity)")
                }
            }
        }
        #expect(owners.count > 100)
    }

    @Test("what is written by hand says so", arguments: Recordings.handWrittenNames)
    func marks(_ name: String) throws {
        let list = try String(contentsOfFile: Recordings.folder(of: "README.md"), encoding: .utf8)
        #expect(list.contains("| `\(name)` |"))
        if name.hasSuffix("-style") {
            let readme = try String(
                contentsOfFile: Recordings.folder(of: name) + "/README.md", encoding: .utf8)
            #expect(readme.hasPrefix("# \(name)\n\nHand-written"))
        }
    }
}
