// swift-tools-version:6.2
import PackageDescription

// ThreadSanitizer doesn't see into the standard library's mutex: see Sources/Locking.
let isSanitizingThreads = Context.environment["RACKPOOL_THREAD_SANITIZER"] != nil

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "rackpool",
    products: [
        .executable(name: "rackpool", targets: ["rackpool"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1",
            traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", path: "Sources/Support/CCurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CJansson", path: "Sources/Support/CJansson",
            providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CMalloc", path: "Sources/Support/CMalloc"),
        .target(
            name: "Locking", path: "Sources/Support/Locking",
            swiftSettings: settings
                + (isSanitizingThreads ? [.define("RACKPOOL_THREAD_SANITIZER")] : [])),
        .target(
            name: "SystemLimits", path: "Sources/Support/SystemLimits", swiftSettings: settings),
        .target(
            name: "Core",
            dependencies: [
                "CJansson", "Locking",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(
            name: "HTTPClient",
            dependencies: [
                "CCurl", "Locking", "SystemLimits",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            path: "Sources/Support/HTTPClient",
            swiftSettings: settings),
        .target(
            name: "StateFile",
            dependencies: [
                "Core", "Locking", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/Stores/File",
            swiftSettings: settings),
        .target(
            name: "Redfish",
            dependencies: [
                "Core", "HTTPClient", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/Providers/Redfish",
            swiftSettings: settings),
        .target(
            name: "IPMIWire",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Sources/Providers/IPMI/Wire",
            swiftSettings: settings),
        .target(
            name: "IPMI",
            dependencies: [
                "Core", "IPMIWire", "Locking", "SystemLimits",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Sources/Providers/IPMI",
            exclude: ["Wire"],
            swiftSettings: settings),
        .target(
            name: "InfraKit",
            dependencies: [
                "Core", "HTTPClient", "SystemLimits",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "Processes", dependencies: ["Locking"], path: "Sources/Support/Processes",
            swiftSettings: settings),
        .target(
            name: "Randomness", path: "Sources/Support/Randomness", swiftSettings: settings),
        .target(
            name: "Simulator",
            dependencies: [
                "Core", "IPMIWire", "Randomness",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "rackpool",
            dependencies: [
                "CMalloc", "Core", "HTTPClient", "IPMI", "InfraKit", "Processes", "Redfish",
                "Simulator", "StateFile", "SystemLimits",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/Daemon",
            swiftSettings: settings),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "CMalloc", "Core", "HTTPClient", "IPMI", "InfraKit", "Processes", "Redfish",
                "Simulator", "StateFile", "SystemLimits", "rackpool",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks",
            exclude: ["README.md", "Peers/requirements.txt", "Peers/sweep.py"],
            swiftSettings: settings),
        .executableTarget(
            name: "crash",
            dependencies: [
                "Core", "HTTPClient", "InfraKit", "Locking", "Processes", "Randomness", "Simulator",
                "StateFile", "SystemLimits", "rackpool",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/CrashHarness",
            swiftSettings: settings),
        // A pool with pretend hardware and a clock that a test moves.
        .target(
            name: "TestSupport",
            dependencies: ["Core", "Locking", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "CoreTests",
            dependencies: [
                "Core", "Locking", "Randomness", "StateFile", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StateFileTests",
            dependencies: [
                "Core", "Locking", "Randomness", "StateFile", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "TestServer", dependencies: ["Locking"], path: "Tests/HTTPClientTests/TestServer",
            swiftSettings: settings),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: [
                "CCurl", "HTTPClient", "Processes", "Simulator", "SystemLimits", "TestServer",
            ],
            exclude: ["TestServer"], swiftSettings: settings),
        // A BMC that means harm, and the table of its tricks.
        .target(
            name: "HostileBMC", dependencies: ["TestServer"], path: "Tests/HostileBMC",
            swiftSettings: settings),
        .testTarget(
            name: "RedfishTests",
            dependencies: [
                "Core", "HTTPClient", "HostileBMC", "Randomness", "Redfish", "Simulator",
                "TestServer",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "IPMITests",
            dependencies: [
                "Core", "IPMI", "IPMIWire", "Locking", "Randomness", "Simulator",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "InfraKitTests",
            dependencies: [
                "Core", "InfraKit", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SimulatorTests",
            dependencies: [
                "Core", "HTTPClient", "IPMIWire", "Locking", "Randomness", "Simulator",
                "SystemLimits",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "rackpool", "Core", "HTTPClient", "InfraKit", "Processes", "Simulator",
            ],
            exclude: ["requirements.txt"], swiftSettings: settings),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "rackpool", "Core", "HTTPClient", "InfraKit", "Locking", "Processes", "Redfish",
                "Simulator", "StateFile", "SystemLimits",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
    ]
)

// What is fuzzed is built for it; what others wrote is not, for it is not looked into.
if Context.environment["RACKPOOL_FUZZ"] != nil {
    let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
    let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
    // A program is linked with no more than it tries: libFuzzer looks through all of it after
    // every input.
    let fuzzers: [String: [Target.Dependency]] = [
        "BMCFuzzer": ["Core", "IPMI", "IPMIWire", "Simulator", nio],
        "CallFuzzer": ["Core", "InfraKit", logging],
        "InventoryFuzzer": ["Core"],
        "JournalFuzzer": ["Core", "StateFile", logging],
        "PacketFuzzer": ["IPMIWire", nio],
        "ResponseFuzzer": ["Core", "FuzzClock", "HTTPClient", "Redfish", logging],
        "SessionFuzzer": ["IPMI", "IPMIWire", nio],
        "StateFuzzer": ["Core", "StateFile"],
        "WalkFuzzer": ["Core", "FuzzClock", "IPMI", "IPMIWire", nio],
    ]
    let fuzzed = [
        "Core", "HTTPClient", "IPMI", "IPMIWire", "InfraKit", "Locking", "Randomness", "Redfish",
        "Simulator", "StateFile", "SystemLimits",
    ]
    let flags = ["-sanitize=fuzzer,address"]
    package.products = []
    package.targets.removeAll { !(fuzzed + ["CCurl", "CJansson"]).contains($0.name) }
    package.targets += [
        .target(name: "FuzzDriver", dependencies: ["CLibFuzzer"], path: "Fuzz/FuzzDriver"),
        .target(name: "FuzzClock", dependencies: ["Core"], path: "Fuzz/FuzzClock"),
    ]
    package.targets += fuzzers.map { name, dependencies in
        .executableTarget(
            name: name, dependencies: dependencies + ["FuzzDriver"], path: "Fuzz/\(name)",
            linkerSettings: [.unsafeFlags(flags + ["-use-ld=lld"])])
    }
    // Built optimised (see the Makefile). The fuzzers look into what is internal.
    for target in package.targets where target.type != .system {
        target.swiftSettings = settings + [.unsafeFlags(["-enable-testing"] + flags)]
    }
    package.targets.append(.systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"))
}

// The sanitizers look at one process: what starts others needs the daemon, and they would look past it.
if Context.environment["RACKPOOL_ONLY_LIBRARIES"] != nil {
    let programs = ["benchmarks", "crash", "rackpool", "DaemonTests", "InteropTests"]
    package.products = []
    package.targets.removeAll { programs.contains($0.name) }
}

// What looks at Core alone need not build what others use.
if Context.environment["RACKPOOL_ONLY_CORE"] != nil {
    package.products = []
    let kept = [
        "CJansson", "Core", "CoreTests", "Locking", "Randomness", "StateFile", "StateFileTests",
        "TestSupport",
    ]
    package.targets.removeAll { !kept.contains($0.name) }
}
