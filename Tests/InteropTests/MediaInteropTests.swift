import Processes
import Core
import Foundation
import Testing

@testable import rackpool

/// Virtual media of `sushy-emulator`, which fetches the image from a web server.
@Suite(.enabled(if: InteropPeers.environment != nil, InteropPeers.advice), .timeLimit(.minutes(5)))
struct MediaInteropTests {
    @Test("an image is put in, kept over a restart, and taken out with its instance")
    func lifecycle() async throws {
        try await InteropRig.with(systems: 1) { rig, emulator in
            let images = rig.home + "/images"
            try FileManager.default.createDirectory(
                atPath: images, withIntermediateDirectories: true)
            try "boot".write(toFile: images + "/boot.iso", atomically: true, encoding: .utf8)
            let environment = try #require(InteropPeers.environment)
            let server = try ChildProcess(
                environment + "/bin/python3",
                [
                    "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", images,
                ], limit: .seconds(170))
            try await server.wait(for: "Serving HTTP on")
            let port = try #require(server.output.firstMatch(of: #/port (\d+)/#)?.1)
            let url = "http://127.0.0.1:\(port)/boot.iso"
            let inventory = "devices: [{name: blade-01, bmc: \(emulator.url)}]\n"
            try await rig.startDaemon(inventory)

            let properties: JSON = ["Media": .string(url), "Grace": "0s"]
            let id = try #require(try await rig.provision(1, properties).first)
            #expect(try await emulator.image(in: 1) == url)
            #expect(try await emulator.systems().map(\.bootTarget) == ["Cd"])
            #expect(server.output.contains("GET /boot.iso"))

            await rig.stopDaemon(with: SIGKILL)
            try await rig.startDaemon(inventory)
            #expect(try await emulator.image(in: 1) == url)
            try await rig.destroy([id])
            #expect(try await emulator.image(in: 1) == nil)

            // What the web server does not have is told with the emulator's words.
            await #expect {
                _ = try await rig.provision(
                    1, ["Media": .string(url.replacing("boot", with: "none"))])
            } throws: { error in
                "\(error)".contains("none.iso refused")
            }
            #expect(try await rig.described().isEmpty)
            #expect(try await emulator.poweredOn().isEmpty)
            await server.end(with: SIGKILL)
        }
    }
}
