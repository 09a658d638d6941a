internal import Core

/// The entry to a service (DSP2046 `ServiceRoot`; DSP0266, service root).
struct ServiceRoot {
    /// The path that every service answers.
    static let path = "/redfish/v1/"

    /// The collection of computer systems.
    let systems: String?
    /// The collection of managers.
    let managers: String?
    /// The collection of chassis.
    let chassis: String?
    let sessionService: String?
    let eventService: String?
    let taskService: String?
    let updateService: String?
    let redfishVersion: String?
    let vendor: String?
    let product: String?
    let uuid: String?
    /// `ProtocolFeaturesSupported.ExpandQuery`.
    let expansion: Expansion
    /// `ProtocolFeaturesSupported.TopSkipQuery`: whether `$top` and `$skip` are taken.
    let takesTopAndSkip: Bool

    init(_ resource: RedfishResource) {
        let json = resource.json
        // A root that links to nothing leaves what it has where the standard puts it
        // (DSP0266, Redfish-defined URIs).
        let names = ["Systems", "Managers", "Chassis"]
        let links = names.map { json.nestedLinks($0).first }
        let isBare = links.allSatisfy { $0 == nil }
        let places = zip(names, links).map { name, link in isBare ? Self.path + name : link }
        (systems, managers, chassis) = (places[0], places[1], places[2])
        sessionService = json.nestedLinks("SessionService").first
        eventService = json.nestedLinks("EventService").first
        taskService = json.nestedLinks("Tasks").first ?? json.nestedLinks("TaskService").first
        updateService = json.nestedLinks("UpdateService").first
        redfishVersion = json.text("RedfishVersion")
        vendor = json.text("Vendor")
        product = json.text("Product")
        uuid = json.text("UUID")
        let features = json["ProtocolFeaturesSupported"]
        expansion = Expansion(features?["ExpandQuery"])
        takesTopAndSkip = features?["TopSkipQuery"]?.bool == true
    }

    /// How a service expands collections (DSP0266, `$expand`).
    enum Expansion: Hashable, Sendable {
        case none
        /// `.`: what is subordinate; with the levels that it goes down.
        case subordinate(levels: Int)
        /// `*`: all links.
        case all(levels: Int)

        init(_ json: JSON?) {
            let levels = json?.positiveInteger("MaxLevels") ?? 1
            if json?["NoLinks"]?.bool == true {
                self = .subordinate(levels: levels)
            } else if json?["ExpandAll"]?.bool == true {
                self = .all(levels: levels)
            } else {
                self = .none
            }
        }

        /// The query that has a collection bring its members; nil if there is none. Where `Levels`
        /// is not offered, the default is one level.
        var query: String? {
            switch self {
            case .none: nil
            case .subordinate: "$expand=."
            case .all: "$expand=*"
            }
        }

        /// How many levels deep; nil if it is not offered.
        var levels: Int? {
            switch self {
            case .none: nil
            case .subordinate(let levels), .all(let levels): levels
            }
        }
    }
}
