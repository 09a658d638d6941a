internal import Core
internal import Hummingbird
internal import NIOCore

/// The plugin's few addresses (docker/infrakit, `pkg/rpc/server/server.go` and gorilla/rpc).
struct PluginResponder: HTTPResponder {
    typealias Context = PluginRequestContext

    let dispatcher: PluginDispatcher
    let calls: CallTracker
    let maximumBodySize: Int
    let bodies: BodyBudget
    let asksForToken: Bool

    func respond(to request: Request, context: Context) async throws -> Response {
        switch request.uri.path {
        case "/":
            guard request.method == .post else {
                return Self.refusal(
                    .methodNotAllowed,
                    "rpc: POST method required, received \(request.method.rawValue)",
                    allow: "POST")
            }
            return try await call(request, on: context.channel)
        case "/info/api.json":
            return Self.information(request) { dispatcher.info() }
        case "/info/functions.json":
            return Self.information(request) { Array("{}".utf8) }
        default:
            return Self.refusal(.notFound, "not found")
        }
    }

    private func call(_ request: Request, on channel: any Channel) async throws -> Response {
        guard Self.isJSON(request.headers[.contentType]) else {
            return Self.refusal(
                .unsupportedMediaType,
                "rpc: unrecognized Content-Type: \(request.headers[.contentType] ?? "")")
        }
        let tooLarge = Self.refusal(
            .contentTooLarge, "a request may have \(maximumBodySize) bytes at most")
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, length > maximumBodySize { return tooLarge }
        let lease = bodies.lease(for: channel.remoteAddress?.ipAddress)
        var body: [UInt8] = []
        for try await part in request.body {
            let size = body.count + part.readableBytes
            guard size <= maximumBodySize else { return tooLarge }
            if size > body.capacity {
                let room = Self.room(for: size, of: length, atMost: maximumBodySize)
                guard lease.grow(to: room) else { return Self.tooMany }
                body.reserveCapacity(room)
            }
            body += part.readableBytesView
        }
        let answer = try await calls.run { [dispatcher, body, asksForToken] in
            defer { withExtendedLifetime(lease) {} }
            return await dispatcher.answer(body) {
                await PeerIdentity.caller(on: channel, showedToken: asksForToken)
            }
        }
        guard let answer else { return Response(status: .ok) }
        return Self.json(answer)
    }

    /// How much is kept ready for a body: as much as it is said to have once it is a large one, so
    /// that what counts is what is taken.
    private static func room(for size: Int, of length: Int?, atMost maximum: Int) -> Int {
        guard size > BodyBudget.freeSize else {
            return max(size, min(length ?? BodyBudget.freeSize, BodyBudget.freeSize))
        }
        return max(size, min(length ?? 2 * size, maximum))
    }

    // The reference takes an absent type for the only one it knows.
    static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType else { return true }
        let type = contentType.prefix { $0 != ";" }
        return type.filter { !$0.isWhitespace }.lowercased() == "application/json"
    }

    // What is unread of the request is not read any more: the connection goes with it.
    private static var tooMany: Response {
        var response = refusal(
            .serviceUnavailable, "too many large requests are being sent; try again")
        response.headers[.retryAfter] = "1"
        response.headers[.connection] = "close"
        return response
    }

    private static func information(_ request: Request, _ body: () -> [UInt8]) -> Response {
        guard request.method == .get else {
            return refusal(.methodNotAllowed, "GET method required", allow: "GET")
        }
        return json(body())
    }

    private static func json(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func refusal(
        _ status: HTTPResponse.Status, _ message: String, allow: String? = nil
    ) -> Response {
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
        headers[.allow] = allow
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: "\(message)\n")))
    }
}
