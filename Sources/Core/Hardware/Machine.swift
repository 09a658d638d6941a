/// Where a machine is steered from: one system behind one BMC.
public struct MachineAddress: Sendable, Hashable {
    /// The name of the provider that speaks to the BMC: see ``Device/provider``.
    public var provider: String
    /// The BMC's URL: see ``Device/bmc``.
    public var bmc: String
    /// Which of the BMC's systems it is; nil where the BMC has just one.
    public var system: String?

    public init(provider: String, bmc: String, system: String? = nil) {
        self.provider = provider
        self.bmc = bmc
        self.system = system
    }

    /// As errors show it: `https://10.0.1.7`, `https://10.0.9.1 Node0`.
    public var displayed: String { bmc + (system.map { " \($0)" } ?? "") }
}

/// The physical server that a record is about: where it stood, and by what it is known.
public struct Machine: Sendable, Hashable {
    public var address: MachineAddress
    public var identity: SystemIdentity
    /// What was seen to change on a machine that can't have been exchanged meanwhile, so that it
    /// says nothing about which machine it is.
    public var unreliable: Set<SystemIdentity.Identifier>

    public init(
        address: MachineAddress, identity: SystemIdentity = SystemIdentity(),
        unreliable: Set<SystemIdentity.Identifier> = []
    ) {
        self.address = address
        self.identity = identity
        self.unreliable = unreliable
    }
}

extension Machine {
    /// Takes over what a look says of who the machine is, but for what was seen to say nothing.
    mutating func learn(
        _ identity: SystemIdentity, besides unreliable: Set<SystemIdentity.Identifier>
    ) {
        self.unreliable = unreliable
        for identifier in SystemIdentity.Identifier.allCases {
            self.identity[identifier] =
                unreliable.contains(identifier)
                ? nil : identity[identifier] ?? self.identity[identifier]
        }
    }
}

extension Device {
    /// Where the inventory says that the device's machine is steered from.
    public var address: MachineAddress {
        MachineAddress(provider: provider, bmc: bmc, system: system)
    }
}
