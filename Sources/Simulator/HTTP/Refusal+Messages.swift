internal import Core

extension Refusal {
    static let unauthorised = Refusal(
        401, "NoValidSession",
        "There is no valid session established with the implementation.",
        resolution: "Establish a session before attempting any operations.")

    static func missing(_ path: String) -> Refusal {
        Refusal(
            404, "ResourceMissingAtURI", "The resource at the URI '\(path)' was not found.", [path],
            resolution: "Place a valid resource at the URI or correct the URI and resubmit.")
    }

    /// The service that was recorded refused it.
    static func recorded(_ status: Int, _ path: String) -> Refusal {
        if status == 404 { return .missing(path) }
        return Refusal(
            status, "GeneralError",
            "The recorded service answered \(status) for the URI '\(path)'.",
            resolution: "None.")
    }

    static func methodNotAllowed(_ method: String, _ path: String, allow: String) -> Refusal {
        var refusal = Refusal(
            405, "OperationNotAllowed",
            "The HTTP method \(method) is not allowed on the resource \(path).", [method],
            resolution: "Use one of: \(allow).")
        refusal.allow = allow
        return refusal
    }

    static let malformedJSON = Refusal(
        400, "MalformedJSON",
        "The request body submitted was malformed JSON and could not be parsed by the receiving "
            + "service.",
        resolution: "Ensure that the request body is valid JSON and resubmit the request.")

    static let emptyJSON = Refusal(
        400, "EmptyJSON",
        "The request body submitted contained an empty JSON object and the service is unable to "
            + "process it.",
        resolution: "Add properties in the JSON object and resubmit the request.")

    static func tooLarge(limit: Int) -> Refusal {
        Refusal(
            413, "PayloadTooLarge",
            "The supplied payload exceeds the \(limit) bytes that the service takes.",
            resolution: "Reduce the size of the payload and resubmit the request.")
    }

    static let preconditionFailed = Refusal(
        412, "PreconditionFailed",
        "The ETag supplied did not match the ETag required to change this resource.",
        resolution: "Read the resource again and resubmit the request with its ETag.")

    static let preconditionRequired = Refusal(
        428, "PreconditionRequired",
        "A precondition header is required to change this resource.",
        resolution: "Resubmit the request with an If-Match header and the ETag.")

    static func missingParameter(_ action: String, _ parameter: String) -> Refusal {
        Refusal(
            400, "ActionParameterMissing",
            "The action '\(action)' requires the parameter '\(parameter)' to be present in the "
                + "request body.",
            [action, parameter],
            resolution: "Supply the action with the required parameter and resubmit the request.")
    }

    static func unsupportedParameter(
        _ action: String, _ parameter: String, value: String, allowed: [String]
    ) -> Refusal {
        Refusal(
            400, "ActionParameterNotSupported",
            "The parameter '\(parameter)' with the value '\(value)' for the action '\(action)' is "
                + "not supported on the target resource.",
            [parameter, action],
            resolution: "Use one of: \(allowed.joined(separator: ", ")).")
    }

    static func noEffect(_ action: String, _ value: String) -> Refusal {
        Refusal(
            409, "ActionParameterValueConflict",
            "The value '\(value)' for the action '\(action)' conflicts with the present state of "
                + "the target resource.",
            [action, value],
            resolution: "Read the state of the resource before resubmitting the request.")
    }

    static let inTransition = Refusal(
        409, "ResourceInUse",
        "The change to the requested resource failed because the resource is in use or in "
            + "transition.",
        resolution: "Wait until the resource is no longer in transition and resubmit the request.")

    static func unknownProperty(_ property: String) -> Refusal {
        Refusal(
            400, "PropertyUnknown",
            "The property \(property) is not in the list of valid properties for the resource.",
            [property],
            resolution: "Remove the unknown property from the request body and resubmit it.")
    }

    static func notWritable(_ property: String) -> Refusal {
        Refusal(
            400, "PropertyNotWritable",
            "The property \(property) is a read-only property and cannot be assigned a value.",
            [property],
            resolution: "Remove the property from the request body and resubmit it.")
    }

    static func wrongType(of property: String, _ value: JSON) -> Refusal {
        Refusal(
            400, "PropertyValueTypeError",
            "The value '\(value)' for the property \(property) is not a type that the property "
                + "can accept.",
            [value.description, property],
            resolution: "Correct the value for the property and resubmit the request.")
    }

    static func notInList(_ property: String, _ value: String, _ allowed: [String]) -> Refusal {
        Refusal(
            400, "PropertyValueNotInList",
            "The value '\(value)' for the property \(property) is not in the list of acceptable "
                + "values.",
            [value, property], resolution: "Use one of: \(allowed.joined(separator: ", ")).")
    }

    static let unexplained = Refusal(
        400, "GeneralError", "A general error has occurred.",
        resolution: "See the log of the service.")

    static let sessionLimit = Refusal(
        503, "SessionLimitExceeded",
        "The session establishment failed due to the number of simultaneous sessions exceeding "
            + "the limit of the implementation.",
        resolution: "Reduce the number of other sessions or increase the limit.")

    /// An iDRAC's words for the same.
    static let userSessionLimit: Refusal = {
        var refusal = Refusal(
            503, "GeneralError", "The maximum number of user sessions is reached.",
            resolution: "Close one or more sessions before opening another session.")
        refusal.messageID = "IDRAC.2.1.RAC0218"
        return refusal
    }()

    static let serviceUnavailable = Refusal(
        503, "ServiceTemporarilyUnavailable",
        "The service is temporarily unavailable. Retry in 1 seconds.", ["1"],
        resolution: "Wait for the indicated retry duration and retry the operation.")

    static let tooManyRequests = Refusal(
        429, "ServiceTemporarilyUnavailable", "Too many requests.",
        resolution: "Retry the operation later.")

    static func unsupportedQuery(_ parameter: String) -> Refusal {
        Refusal(
            501, "QueryNotSupported",
            "Querying with \(parameter) is not supported by the implementation.", [parameter],
            resolution: "Remove the query parameter and resubmit the request.")
    }
}
