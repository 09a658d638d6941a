public import Core
public import HTTPClient
public import Logging

/// Reads a Redfish service link by link, to be served again by the simulator. Sends nothing but
/// `GET`, beside what it takes to log in and out.
///
/// Secrets are taken out before anything leaves this type.
public struct ServiceRecorder: Sendable {
    private let device: Device
    private let http: HTTPClient
    private let logger: Logger
    private let timeouts: RedfishTimeouts

    /// What is read and what is left out.
    public var limits = CrawlLimits()
    /// How long to wait between two requests.
    public var pause = Duration.zero
    /// How many requests may be under way at one time. Each beyond the first holds a session of
    /// its own, of which some BMCs have few.
    public var concurrency = 1

    /// - Parameter device: where the service is and who we are to it.
    public init(
        device: Device, http: HTTPClient, logger: Logger,
        timeouts: RedfishTimeouts = RedfishTimeouts(request: .seconds(60))
    ) {
        self.device = device
        self.http = http
        self.logger = logger
        self.timeouts = timeouts
        secrets.add([device.credentials.password])
    }

    /// Every secret that a session was opened with, so that no answer may hold one of another's.
    private let secrets = SecretsSeen()

    /// Reads all that can be reached from the service root.
    ///
    /// - Parameters:
    ///   - earlier: what an interrupted run handed to `keep`; none of it is asked for again.
    ///   - keep: gets every answer at once, so that an interrupted run can be resumed.
    /// - Throws: ``RecordingError`` if the service root can't be read, the service falls silent,
    ///   `keep` fails, or the task is cancelled.
    public func record(
        resuming earlier: [RecordedResource] = [],
        keep: @escaping @Sendable (RecordedResource, CrawlProgress) throws -> Void
    ) async throws(RecordingError) -> Recording {
        let address = BMCAddress(device.bmc)
        let state = CrawlState(
            CrawlFrontier(address: address, limits: limits), resuming: earlier, sink: keep)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, concurrency) {
                group.addTask {
                    // A provider has one request at a time under way to a BMC.
                    let provider = RedfishProvider(http: http, logger: logger, timeouts: timeouts)
                    let client = provider.client(for: device)
                    secrets.add(client.secrets)
                    await work(on: state, client)
                    await provider.shutdown()
                }
            }
        }
        if Task.isCancelled { throw RecordingError("interrupted") }
        // An early answer may hold a token of a session that was opened later.
        return try await state.recording(of: address.url).redacted(secrets.redaction)
    }

    private func work(on state: CrawlState, _ client: RedfishClient) async {
        var isFirst = true
        while let step = await state.next() {
            if !isFirst, pause > .zero { try? await Task.sleep(for: pause) }
            isFirst = false
            let (resource, isRefused) = await read(step, client)
            if Task.isCancelled { return await state.abandon() }
            if isRefused {
                return await state.fail(Self.refusal(of: step.link, client, resource))
            }
            if step.depth == 0, !resource.isRead {
                let answer = resource.status.map { "\($0)" } ?? resource.problem ?? "nothing"
                return await state.fail(
                    "GET \(step.link) of \(client.address.url): \(answer); "
                        + "there is no service root to begin at")
            }
            let isSilent = resource.status == nil && step.depth > 0
            let isAlone = isSilent ? await answers(client) : false
            await state.finish(
                resource, isAlone: isAlone, refusal: Self.refusal(of: step.link, client, resource))
        }
    }

    /// What came, and whether nobody is let in with these credentials.
    private func read(
        _ step: CrawlFrontier.Step, _ client: RedfishClient
    ) async -> (RecordedResource, isRefused: Bool) {
        do throws(RedfishFailure) {
            let response = try await client.send("GET", step.link)
            secrets.add(client.secrets)
            return (recorded(response, at: step.path), false)
        } catch {
            secrets.add(client.secrets)
            let resource = RecordedResource(
                path: step.path, status: error.status, problem: error.text)
            return (secrets.redaction.redacted(resource), error.kind == .unauthorised)
        }
    }

    /// Whether a service that was silent for a resource is there: then that resource is skipped.
    private func answers(_ client: RedfishClient) async -> Bool {
        do throws(RedfishFailure) {
            _ = try await client.get(ServiceRoot.path)
            return true
        } catch {
            return error.kind != .unreachable
        }
    }

    private static func refusal(
        of link: String, _ client: RedfishClient, _ resource: RecordedResource
    ) -> String {
        let answer = resource.problem ?? resource.status.map { "\($0)" } ?? "refused"
        return "GET \(link) of \(client.address.url): the credentials were refused: \(answer)"
    }

    private func recorded(_ response: HTTPResponse, at path: String) -> RecordedResource {
        var headers: [String: String] = [:]
        for name in Self.headersThatMatter {
            let values = response.headers.values(name)
            if !values.isEmpty { headers[name] = values.joined(separator: ", ") }
        }
        var resource = RecordedResource(path: path, status: response.status, headers: headers)
        guard resource.isRead else { return secrets.redaction.redacted(resource) }
        // Some services begin with a byte order mark (RFC 8259, section 8.1, forbids it).
        let body =
            response.body.starts(with: Self.mark) ? response.body.dropFirst(3) : response.body[...]
        if let json = try? JSON(lenient: body), json.object != nil || json.array != nil {
            resource.content = .json(Self.withoutSessions(json))
        } else {
            resource.content = .text(Array(body))
        }
        return secrets.redaction.redacted(resource)
    }

    /// Who is logged in while the service is recorded, the recorder too, is no part of it.
    private static func withoutSessions(_ json: JSON) -> JSON {
        guard var object = json.object,
            object["@odata.type"]?.string?.contains("SessionCollection") == true
        else { return json }
        object["Members"] = []
        if object["Members@odata.count"] != nil { object["Members@odata.count"] = 0 }
        return .object(object)
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let headersThatMatter = [
        "Allow", "Content-Type", "ETag", "Link", "Location", "OData-Version", "Server",
    ]
}
