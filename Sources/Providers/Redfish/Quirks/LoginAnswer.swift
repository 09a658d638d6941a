internal import Core
internal import Foundation
internal import HTTPClient

/// What a BMC answered to a login (DSP0266, Redfish session login authentication: the token is in
/// the header `X-Auth-Token`, the session's place in `Location`).
struct LoginAnswer {
    /// Nil if there is none.
    let token: String?
    /// The path under which the session is ended; nil if the answer does not tell.
    let place: String?

    /// Names under which a token is seen in the body where the header lacks it, in lower case.
    private static let tokenNames = ["x-auth-token", "x_auth_token", "token", "authtoken"]

    /// - Parameter collection: the path that the login was sent to.
    init(_ response: HTTPResponse, address: BMCAddress, collection: String) {
        let body = (try? JSON(parsing: response.body)) ?? .null
        let header = response.headers.values("X-Auth-Token").first { !$0.isEmpty }
        token = header ?? Self.token(in: body)
        let links = [response.headers["Location"], body["@odata.id"]?.string].compactMap(\.self)
        let named = body["Id"]?.string.map { "\(collection)/\($0)" }
        place =
            links.lazy.compactMap { Self.path(of: $0, address, collection) }.first
            ?? named.flatMap(address.path)
    }

    private static func token(in body: JSON) -> String? {
        let own = body.object ?? JSONObject()
        let extensions = body["Oem"]?.object ?? JSONObject()
        for object in [own] + extensions.compactMap(\.value.object) {
            for (name, value) in object where tokenNames.contains(name.lowercased()) {
                if let text = value.string, !text.isEmpty { return text }
            }
        }
        return nil
    }

    /// The path that a link to a session stands for at this BMC.
    ///
    /// An absolute link often names the BMC as it knows itself, by a host name or an internal
    /// address (an iLO writes its own name). Its path alone counts, and only below the collection
    /// that was asked, for no other host hears of our sessions.
    private static func path(
        of link: String, _ address: BMCAddress, _ collection: String
    ) -> String? {
        if let path = address.path(of: link) { return path }
        guard let path = URL(string: link)?.path(percentEncoded: true),
            path.lowercased().hasPrefix(collection.lowercased() + "/")
        else { return nil }
        return address.path(of: path)
    }
}
