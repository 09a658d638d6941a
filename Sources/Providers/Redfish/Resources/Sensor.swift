internal import Core

/// One sensor: a `Sensor` resource (DSP2046 `Sensor`), or a member of `Thermal` or `Power`
/// (DSP2046 `Thermal.Temperature`, `Thermal.Fan`, `Power.Voltage`), or the `SpeedPercent` of a
/// `Fan`.
struct Sensor: Hashable {
    /// What is measured.
    enum Kind: Hashable {
        case temperature, fan, voltage
        /// Power, current, humidity, load, …: high readings are no sickness.
        case other
    }

    let kind: Kind
    let name: String?
    let id: String?
    let status: Status
    let reading: Double?
    /// `°C`, `RPM`, `%`, `V`.
    let unit: String
    let limits: SensorLimits
    /// What the reading is of (`PhysicalContext`), in words; nil if that is not said.
    let context: String?
    /// `RelatedItem`: what it is about.
    let relatedItems: [String]
    /// What names it in links, where it is a member of another resource.
    let link: String?

    /// A `Sensor` resource.
    init(_ resource: RedfishResource) {
        let json = resource.json
        kind =
            switch json.text("ReadingType")?.lowercased() {
            case "temperature": .temperature
            case "rotational": .fan
            case "voltage": .voltage
            default: .other
            }
        name = json.text("Name")
        id = json.text("Id")
        status = Status(json["Status"])
        reading = json.numeric("Reading")
        unit = Self.unit(json.text("ReadingUnits")) ?? Self.unit(of: kind)
        let thresholds = json["Thresholds"]
        let limit = { (name: String) -> Double? in
            guard thresholds?[name]?.text("Activation")?.lowercased() != "disabled" else {
                return nil
            }
            return thresholds?[name]?.numeric("Reading")
        }
        limits = SensorLimits(
            lowerFatal: limit("LowerFatal"), lowerCritical: limit("LowerCritical"),
            lowerCaution: limit("LowerCaution"), upperCaution: limit("UpperCaution"),
            upperCritical: limit("UpperCritical"), upperFatal: limit("UpperFatal"))
        context = Self.context(json)
        relatedItems = json.links("RelatedItem")
        link = resource.path
    }

    /// A member of `Temperatures`, `Fans` or `Voltages`.
    init(_ json: JSON, kind: Kind) {
        self.kind = kind
        name = json.text("Name") ?? json.text("FanName")
        id = json.text("MemberId")
        status = Status(json["Status"])
        let reading =
            switch kind {
            case .temperature: json.numeric("ReadingCelsius")
            case .fan: json.numeric("Reading") ?? json.numeric("ReadingRPM")
            case .voltage: json.numeric("ReadingVolts")
            case .other: json.numeric("Reading")
            }
        self.reading = reading
        unit = Self.unit(json.text("ReadingUnits") ?? json.text("Units")) ?? Self.unit(of: kind)
        limits = SensorLimits(
            lowerFatal: json.numeric("LowerThresholdFatal"),
            lowerCritical: json.numeric("LowerThresholdCritical"),
            lowerCaution: json.numeric("LowerThresholdNonCritical"),
            upperCaution: json.numeric("UpperThresholdNonCritical"),
            upperCritical: json.numeric("UpperThresholdCritical"),
            upperFatal: json.numeric("UpperThresholdFatal"))
        context = Self.context(json)
        relatedItems = json.links("RelatedItem")
        link = json.text("@odata.id")
    }

    private static func context(_ json: JSON) -> String? {
        let words = ["PhysicalContext", "PhysicalSubContext"].compactMap { json.text($0) }
        return words.isEmpty ? nil : words.map(\.spelledOut).joined(separator: ", ").lowercased()
    }

    /// What the reading is beyond; nil too if the reading or the limits can't be meant.
    func breach(isRunning: Bool) -> SensorLimits.Breach? {
        guard kind != .other, let reading, isEnabled, isPlausible(reading),
            !(unit == "%" && limits.highest > 100),
            let breach = limits.breach(of: reading, isRunning: isRunning)
        else { return nil }
        // Nothing measured is often written as 0; a fan may really stand still.
        if reading == 0, kind != .fan { return nil }
        return breach
    }

    /// `98 °C`; nil without a reading.
    var readingText: String? { reading.map { "\(Self.text($0)) \(unit)" } }

    /// `98 °C, limit 95`, `0 RPM, below 500`.
    func text(of breach: SensorLimits.Breach) -> String {
        "\(readingText ?? ""), \(breach.isUpper ? "limit" : "below") \(Self.text(breach.limit))"
    }

    // Without a state, a sensor with a reading is taken to be in use.
    private var isEnabled: Bool { (status.state ?? "Enabled").lowercased() == "enabled" }

    private func isPlausible(_ reading: Double) -> Bool {
        switch kind {
        case .temperature: (-60...200).contains(reading)
        case .fan, .voltage, .other: true
        }
    }

    private static func text(_ number: Double) -> String {
        let rounded = (number * 100).rounded() / 100
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }

    private static func unit(_ text: String?) -> String? {
        switch text?.lowercased() {
        case "rpm", "{rev}/min": "RPM"
        case "percent", "%": "%"
        case "cel": "°C"
        case "v": "V"
        default: nil
        }
    }

    private static func unit(of kind: Kind) -> String {
        switch kind {
        case .temperature: "°C"
        case .fan: "RPM"
        case .voltage: "V"
        case .other: ""
        }
    }
}
