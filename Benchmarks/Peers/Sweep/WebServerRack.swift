import Core
import Foundation
import Processes

/// A rack of BMCs that do nothing but answer three GETs over TLS, as fast as nginx can: one process
/// with two workers, and a loopback address for each BMC.
struct WebServerRack {
    private let process: ChildProcess
    /// `https://127.23.0.1:18443`, one a BMC.
    let urls: [String]
    /// The PEM file with the authority to trust.
    let authorityFile: String
    /// A file with ``urls``, one a line.
    let addressFile: String

    static let paths = ["/redfish/v1/", "/redfish/v1/Systems", "/redfish/v1/Systems/1"]
    private static let port = 18_443
    /// How many BMCs share a certificate: one for each would take nginx a minute to load.
    private static let group = 10

    /// Makes the certificates and starts nginx; returns when it serves.
    static func start(count: Int, folder: String) async throws -> WebServerRack {
        let hosts = (0..<count).map { "127.23.\($0 / 250).\($0 % 250 + 1)" }
        let groups = stride(from: 0, to: count, by: group).map {
            Array(hosts[$0..<min($0 + group, count)])
        }
        try write(certificateScript(groups), folder + "/certificates.sh")
        let maker = try await ChildProcess.start(
            "/bin/sh", [folder + "/certificates.sh", folder], until: "certificates made")
        await maker.end()
        try write(configuration(groups, folder), folder + "/nginx.conf")
        let urls = hosts.map { "https://\($0):\(port)" }
        try write(urls.joined(separator: "\n") + "\n", folder + "/addresses")
        let nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        guard let nginx else { throw BenchmarkError("no nginx: apt-get install nginx-light") }
        // nginx says nothing when it is ready; it has bound all its addresses by then.
        let script =
            "\(nginx) -c \(folder)/nginx.conf -p \(folder) & "
            + "until [ -s \(folder)/nginx.pid ]; do kill -0 $! || exit 1; sleep 0.1; done; "
            + "echo serving; wait"
        let process = try await ChildProcess.start("/bin/sh", ["-c", script], until: "serving")
        return WebServerRack(
            process: process, urls: urls, authorityFile: folder + "/ca.pem",
            addressFile: folder + "/addresses")
    }

    func end() async {
        await process.end()
    }

    /// The BMCs as an inventory would list them; they ask for no user.
    var devices: [Device] {
        urls.enumerated().map { index, url in
            Device(
                name: "d\(index)", bmc: url, tls: TLSTrust(authorityFile: authorityFile))
        }
    }

    private static func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    // MARK: Certificates

    private static func certificateScript(_ groups: [[String]]) -> String {
        var script = """
            set -e
            cd "$1"
            openssl ecparam -name prime256v1 -genkey -noout -out ca.key
            openssl req -x509 -new -key ca.key -subj /CN=rack -days 2 -out ca.pem
            openssl ecparam -name prime256v1 -genkey -noout -out key.pem
            openssl req -new -key key.pem -subj /CN=bmc -out bmc.csr

            """
        for (number, hosts) in groups.enumerated() {
            let names = hosts.map { "IP:\($0)" }.joined(separator: ",")
            script += "echo subjectAltName=\(names) > names\n"
            script += "openssl x509 -req -in bmc.csr -CA ca.pem -CAkey ca.key -days 2"
            script += " -set_serial \(number + 2) -extfile names -out \(number).pem 2>/dev/null\n"
        }
        return script + "echo certificates made\n"
    }

    // MARK: nginx

    private static func configuration(_ groups: [[String]], _ folder: String) -> String {
        let count = groups.reduce(0) { $0 + $1.count }
        let locations = zip(paths, bodies).map { path, body in
            "location = \(path) { default_type application/json; return 200 '\(body)'; }"
        }
        try? write(locations.joined(separator: "\n") + "\n", folder + "/bmc.conf")
        let servers = groups.enumerated().map { number, hosts in
            let listen = hosts.map { "listen \($0):\(port) ssl backlog=64;" }
                .joined(separator: " ")
            return "server { \(listen) ssl_certificate \(folder)/\(number).pem;"
                + " include \(folder)/bmc.conf; }"
        }
        return """
            daemon off;
            user root;
            worker_processes 2;
            worker_rlimit_nofile \(4 * count + 1000);
            pid \(folder)/nginx.pid;
            error_log \(folder)/error.log;
            events { worker_connections \(3 * count + 1000); }
            http {
            access_log off;
            keepalive_timeout 600;
            keepalive_requests 1000000;
            server_tokens off;
            ssl_certificate_key \(folder)/key.pem;
            ssl_session_cache shared:tls:20m;
            ssl_protocols TLSv1.2 TLSv1.3;
            client_body_temp_path \(folder);
            proxy_temp_path \(folder);
            fastcgi_temp_path \(folder);
            uwsgi_temp_path \(folder);
            scgi_temp_path \(folder);
            \(servers.joined(separator: "\n"))
            }

            """
    }

    private static var bodies: [JSON] {
        let service: JSON = [
            "@odata.id": "/redfish/v1/", "@odata.type": "#ServiceRoot.v1_16_0.ServiceRoot",
            "Id": "RootService", "Name": "Root Service", "RedfishVersion": "1.19.0",
            "UUID": "00000000-0000-4000-8000-000000000001",
            "Systems": ["@odata.id": "/redfish/v1/Systems"],
            "Links": ["Sessions": ["@odata.id": "/redfish/v1/SessionService/Sessions"]],
        ]
        let systems: JSON = [
            "@odata.id": "/redfish/v1/Systems",
            "@odata.type": "#ComputerSystemCollection.ComputerSystemCollection",
            "Name": "Systems", "Members@odata.count": 1,
            "Members": [["@odata.id": "/redfish/v1/Systems/1"]],
        ]
        let resets: JSON = [
            "On", "ForceOn", "ForceOff", "GracefulShutdown", "GracefulRestart", "ForceRestart",
        ]
        let system: JSON = [
            "@odata.id": "/redfish/v1/Systems/1",
            "@odata.type": "#ComputerSystem.v1_22_0.ComputerSystem", "Id": "1", "Name": "System",
            "SystemType": "Physical", "Manufacturer": "Rackpool", "Model": "1U",
            "SerialNumber": "SIM00000000", "UUID": "00000000-0000-4000-8000-000000000003",
            "BiosVersion": "1.0.0", "PowerState": "On",
            "Status": ["State": "Enabled", "Health": "OK", "HealthRollup": "OK"],
            "Boot": [
                "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
                "BootSourceOverrideTarget@Redfish.AllowableValues": [
                    "None", "Pxe", "Hdd", "Cd", "Usb", "BiosSetup",
                ],
            ],
            "ProcessorSummary": ["Count": 2, "CoreCount": 64, "Status": ["Health": "OK"]],
            "MemorySummary": ["TotalSystemMemoryGiB": 256, "Status": ["Health": "OK"]],
            "Actions": [
                "#ComputerSystem.Reset": [
                    "target": "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset",
                    "ResetType@Redfish.AllowableValues": resets,
                ]
            ],
        ]
        return [service, systems, system]
    }
}
