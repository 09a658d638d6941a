internal import Core
internal import Foundation
internal import HTTPClient

/// Speaks to one BMC with one user's credentials. At most one request is in flight per BMC: clients
/// of the same BMC share its gate.
///
/// A failed GET over a connection that had gone stale is repeated by `HTTPClient`; nothing else is.
/// Authentication is Basic (DSP0266, HTTP basic authentication); sessions would be held here.
final class RedfishClient: Sendable {
    let address: BMCAddress
    private let access: Access
    private let http: HTTPClient
    private let timeouts: RedfishTimeouts
    private let gate: RequestGate

    /// Who we are to the BMC, and which certificates of it we accept.
    struct Access: Hashable, Sendable {
        let credentials: Credentials
        let tls: TLSTrust
    }

    init(
        address: BMCAddress, access: Access, http: HTTPClient, timeouts: RedfishTimeouts,
        gate: RequestGate
    ) {
        self.address = address
        self.access = access
        self.http = http
        self.timeouts = timeouts
        self.gate = gate
    }

    /// Reads a resource.
    func get(_ link: String) async throws(RedfishFailure) -> RedfishResource {
        let response = try await send("GET", link)
        guard (200..<300).contains(response.status) else {
            throw failure(for: response, "GET \(readable(link)): ", isCommand: false)
        }
        return try resource(in: response, link)
    }

    /// Sends one request.
    func send(
        _ method: String, _ link: String, _ body: JSON? = nil, ifMatch: String? = nil
    ) async throws(RedfishFailure) -> HTTPResponse {
        guard let path = address.path(of: link) else {
            throw RedfishFailure(.malformed, "the BMC links to \(readable(link)), which is no path")
        }
        var request = HTTPRequest(
            method: method, url: address.url + path, headers: ["Accept": "application/json"],
            body: body?.encoded(), connectTimeout: timeouts.connect, timeout: timeouts.request,
            authorityFile: access.tls.authorityFile)
        // DSP0266, request headers: a client says which version of the protocol it speaks.
        request.headers["OData-Version"] = "4.0"
        if body != nil { request.headers["Content-Type"] = "application/json" }
        request.headers["If-Match"] = ifMatch
        if !access.credentials.username.isEmpty {
            request.basicCredentials = HTTPCredentials(
                user: access.credentials.username, password: access.credentials.password.reveal())
        }
        return try await gate.pass { () async throws(RedfishFailure) in
            do throws(HTTPError) {
                return try await http.send(request)
            } catch {
                throw RedfishFailure(
                    Self.kind(of: error), error.message.readable(without: [], limit: 200),
                    mayHaveActed: body != nil && error.mayHaveBeenSent)
            }
        }
    }

    private static func kind(of error: HTTPError) -> ProviderError.Kind {
        switch error.kind {
        case .connect, .timeout, .tls, .reset, .cancelled, .shutdown, .resources: .unreachable
        case .tooLarge, .malformed: .malformed
        case .invalidRequest: .refused
        }
    }
}

// MARK: - Answers

extension RedfishClient {
    private func resource(
        in response: HTTPResponse, _ link: String
    ) throws(RedfishFailure) -> RedfishResource {
        let problem: String
        do {
            let json = try JSON(parsing: response.body)
            if json.object != nil {
                return RedfishResource(
                    path: link, json: json, entityTag: response.headers["ETag"])
            }
            problem = "is \(json.typeName), not an object"
        } catch {
            problem = "is no JSON (\(error))"
        }
        throw RedfishFailure(
            .malformed,
            "GET \(readable(link)): the body \(problem): \(excerpt(of: response))",
            status: response.status)
    }

    /// What an answer that is no success says. `place` begins its text.
    func failure(
        for response: HTTPResponse, _ place: String, isCommand: Bool
    ) -> RedfishFailure {
        let status = response.status
        let kind: ProviderError.Kind =
            switch status {
            case 401, 403: .unauthorised
            // RFC 9110 15.5.9, RFC 6585 4, RFC 9110 15.6.4: each asks to try again.
            case 408, 429, 503: .busy
            // A gateway in front of the BMC speaks.
            case 502, 504: .unreachable
            case 400..<500: .refused
            default: .malformed
            }
        var text = "\(place)\(status)"
        let body = (try? JSON(parsing: response.body)).map(RedfishErrorBody.init)
        if let message = body?.message {
            text += " \(readable(message.description, limit: 400))"
        } else if (300..<400).contains(status), let target = response.headers["Location"] {
            text += " to \(readable(target)), which is not followed"
        } else if !response.body.isEmpty {
            text += " (\(excerpt(of: response)))"
        }
        return RedfishFailure(
            kind, text, status: status, mayHaveActed: isCommand && [408, 502, 504].contains(status))
    }

    private func excerpt(of response: HTTPResponse) -> String {
        let type = response.headers["Content-Type"].map { readable($0, limit: 60) }
        // Cut after the secrets are out: half a password is none that would be found.
        let start = readable(String(decoding: response.body.prefix(4096), as: UTF8.self), limit: 80)
        return "\(type ?? "no content type"): \"\(start)\""
    }

    func readable(_ text: String, limit: Int = 200) -> String {
        text.readable(without: secrets, limit: limit)
    }

    /// What must not be shown, should the BMC echo it.
    private var secrets: [String] {
        let password = access.credentials.password.reveal()
        let token = Data("\(access.credentials.username):\(password)".utf8).base64EncodedString()
        return password.isEmpty ? [] : [token, password]
    }
}
