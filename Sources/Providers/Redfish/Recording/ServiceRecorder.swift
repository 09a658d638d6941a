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
    }

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
                    await work(on: state, provider.client(for: device))
                    await provider.shutdown()
                }
            }
        }
        if Task.isCancelled { throw RecordingError("interrupted") }
        return try await state.recording(of: address.url)
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
            return (recorded(try await client.send("GET", step.link), at: step.path), false)
        } catch {
            let resource = RecordedResource(
                path: step.path, status: error.status, problem: error.text)
            return (resource, error.kind == .unauthorised)
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
        let redaction = SecretRedaction(own: [device.credentials.password.reveal()])
        var headers: [String: String] = [:]
        for name in Self.headersThatMatter {
            let values = response.headers.values(name)
            if !values.isEmpty {
                headers[name] = redaction.redacted(values.joined(separator: ", "))
            }
        }
        var resource = RecordedResource(path: path, status: response.status, headers: headers)
        guard resource.isRead else { return resource }
        // Some services begin with a byte order mark (RFC 8259, section 8.1, forbids it).
        let body =
            response.body.starts(with: Self.mark) ? response.body.dropFirst(3) : response.body[...]
        if let json = try? JSON(lenient: body), json.object != nil || json.array != nil {
            resource.content = .json(redaction.redacted(Self.withoutSessions(json)))
        } else {
            let text = redaction.redacted(String(decoding: body, as: UTF8.self))
            resource.content = .text(Array(text.utf8))
        }
        return resource
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
