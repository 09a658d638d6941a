public import Core

/// What was understood of a BMC, and what was not: see ``RedfishProvider/inspect(_:)``.
public struct RedfishInspection: Sendable, Hashable {
    /// The service as a whole.
    public var service: Service
    /// The systems, in the service's order; just the device's if it names one.
    public var systems: [System]
    public var managers: [Manager]
    /// Departures from the standard that were met and are handled, a sentence each.
    public var quirks: [String]
    /// What was not understood: resources that failed, unknown values, missing properties.
    public var problems: [Problem]
    /// How many requests it took.
    public var requests: Int

    /// Whether the BMC can be used: it has a system of which it is known how to tell the power
    /// state and how to change it.
    public var isUsable: Bool {
        systems.contains { system in
            !problems.contains { $0.isGrave && $0.path == system.path }
        }
    }

    /// Has all paths as a person may see them.
    mutating func showPaths(_ shown: (String) -> String) {
        for index in problems.indices { problems[index].path = shown(problems[index].path) }
        for index in managers.indices { managers[index].path = shown(managers[index].path) }
        for index in systems.indices {
            systems[index].path = shown(systems[index].path)
            systems[index].logs = systems[index].logs.map(shown)
            for place in systems[index].chassis.indices {
                systems[index].chassis[place].path = shown(systems[index].chassis[place].path)
            }
        }
        service.eventStream = service.eventStream.map(shown)
    }
}

extension RedfishInspection {
    /// The service root and the services it links to (DSP2046 `ServiceRoot`).
    public struct Service: Sendable, Hashable {
        /// The version of the protocol: `1.8.0`.
        public var redfishVersion: String?
        public var vendor: String?
        public var product: String?
        public var uuid: String?
        /// Whether sessions can be opened.
        public var hasSessions = false
        /// After how many idle seconds a session ends.
        public var sessionTimeout: Int?
        /// Whether `$expand` is offered, and how many levels deep.
        public var expandLevels: Int?
        /// Whether events can be subscribed to, and where they can be listened to as a stream.
        public var hasEvents = false
        public var eventStream: String?
        public var hasTasks = false
        public var hasUpdates = false
    }

    /// One computer system and what is linked to it.
    public struct System: Sendable, Hashable {
        public var path: String
        public var id: String?
        public var name: String?
        public var power: PowerState
        public var facts: Facts
        /// What a routine look says of it.
        public var health: Health
        public var reasons: [String]
        /// The reset types that it allows; nil if it names none.
        public var resetTypes: [String]?
        /// Where it can boot from; nil if it names none.
        public var bootTargets: [String]?
        public var bootModes: [String]?
        /// The override in force: `Once Pxe UEFI`.
        public var bootOverride: String?
        /// Virtual media that it or its managers show: `CD (CD, DVD), insert by action`.
        public var virtualMedia: [String]
        /// The chassis that it is in, and how each tells its temperatures and power.
        public var chassis: [Chassis]
        /// Its logs, and its managers': `/redfish/v1/Systems/1/LogServices/SEL`.
        public var logs: [String]
    }

    /// One chassis of a system.
    public struct Chassis: Sendable, Hashable {
        public var path: String
        public var manufacturer: String?
        public var model: String?
        /// `Thermal` or `ThermalSubsystem`, or both.
        public var thermal: [String]
        /// `Power` or `PowerSubsystem`, or both.
        public var power: [String]
        public var hasSensors: Bool
    }

    /// One management controller.
    public struct Manager: Sendable, Hashable {
        public var path: String
        public var model: String?
        public var firmwareVersion: String?
        /// What it takes the time to be, as it writes it.
        public var dateTime: String?
        public var health: Health
    }

    /// Something that was not understood.
    public struct Problem: Sendable, Hashable {
        /// The resource.
        public var path: String
        /// `404`, `PowerState: "Standby" is not known`.
        public var text: String
        /// Whether it keeps the BMC from being used.
        public var isGrave: Bool

        public init(_ path: String, _ text: String, isGrave: Bool = false) {
            self.path = path
            self.text = text
            self.isGrave = isGrave
        }
    }
}
