import Processes
import Foundation
import Testing

@testable import rackpool

/// A BMC made with `pyghmi.ipmi.bmc`, as its `fakebmc` is, which itself listens on all addresses. It
/// speaks cipher suite 3 whatever is proposed, is silent to users it does not know, and knows
/// neither sensors nor logs nor inventories (pyghmi 1.6, `serversession.py`).
struct FakeBMC: Sendable {
    let address: LoopbackAddress
    private let process: ChildProcess

    /// Runs a body with a BMC whose system is off, and ends the BMC.
    static func with(_ body: (FakeBMC) async throws -> Void) async throws {
        let environment = try #require(InteropPeers.environment)
        let address = LoopbackAddress.random()
        let user = IPMIUser.administrator
        let process = try ChildProcess(
            environment + "/bin/python3",
            ["-u", "-c", program, user.name, user.password, address.host, "\(address.port)"],
            limit: .seconds(170))
        do {
            try await process.wait(for: "listening")
            try await body(FakeBMC(address: address, process: process))
        } catch {
            await process.end(with: SIGKILL)
            throw error
        }
        await process.end(with: SIGKILL)
    }

    private static let program = """
        import sys
        from pyghmi.ipmi.bmc import Bmc

        class System(Bmc):
            power = 'off'
            boot = 'default'

            def change(self, name, value):
                setattr(self, name, value)
                print(name, value)

            def get_power_state(self): return self.power
            def power_on(self): self.change('power', 'on')
            def power_off(self): self.change('power', 'off')
            def power_shutdown(self): self.change('power', 'off')
            def get_boot_device(self): return self.boot
            def set_boot_device(self, device): self.change('boot', device)

        name, password, host, port = sys.argv[1:]
        system = System({name: password}, port=int(port), address=host)
        print('listening')
        system.listen()

        """

    /// What was asked of the system so far: `power on`, `boot network`.
    var orders: [String] {
        process.output.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("power ") || $0.hasPrefix("boot ")
        }
    }

    var isOn: Bool { orders.last { $0.hasPrefix("power ") } == "power on" }
}
