internal import HTTPClient

/// How a request says who we are (DSP0266, authentication).
enum Authorisation: Sendable, Hashable {
    case none
    /// With the user name and password (HTTP basic authentication).
    case basic(HTTPCredentials)
    /// With a session's token in `X-Auth-Token` (Redfish session login authentication).
    case token(String)
}
