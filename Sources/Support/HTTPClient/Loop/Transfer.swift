internal import CCurl
internal import Glibc
internal import SystemLimits

/// One exchange in libcurl's hands. Lives on the loop's thread; libcurl's callbacks get a pointer
/// to it, so it must outlive its handle's place in the multi handle.
final class Transfer {
    let id: UInt64
    let server: HandlePool.Server
    let handle: EasyHandle
    private let request: HTTPRequest
    /// Called when there is a connection to send the request over.
    private let isConnected: () -> Void
    private let answer: AnswerReceiver
    private(set) var patience: Patience
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    private var body: [UInt8] = []
    private var headerBytes = 0
    private var isHeaderComplete = false
    private var excess: String?
    private var attempts = 0
    private var refusedToRepeat = false
    private var objection: HTTPError?
    private var socketCount = 0
    /// Why there was no socket (errno(3)).
    private var socketFault: CInt?

    init(
        _ submission: Submission, to server: HandlePool.Server, over handle: EasyHandle,
        isConnected: @escaping () -> Void
    ) {
        id = submission.id
        request = submission.request
        answer = AnswerReceiver(submission.continuation, submission.channel)
        patience = Patience(submission.request, isStreamed: submission.channel != nil)
        self.server = server
        self.isConnected = isConnected
        self.handle = handle
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Tells libcurl about the request.
    func configure() throws(HTTPError) {
        try configureMessage()
        try configureConnection()
        try configureCallbacks()
    }

    /// Ends the exchange with what libcurl made of it.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK else { return answer.fail(error(for: code)) }
        guard isHeaderComplete else {
            return finish(.reset, "the connection was closed within the header")
        }
        answer.complete(head(body: body))
    }

    /// Ends the exchange early.
    func finish(_ kind: HTTPError.Kind, _ message: String) {
        answer.fail(
            HTTPError(kind, message, mayHaveBeenSent: mayHaveBeenSent, wasReused: wasReused))
    }

    /// Lets libcurl hand over what the reader had no room for.
    /// - Returns: whether the transfer can go on.
    func unpause() -> Bool {
        patience.resume()
        return curl_easy_pause(handle.raw, CURLPAUSE_CONT) == CURLE_OK
    }

    private func head(body: [UInt8] = []) -> HTTPResponse {
        HTTPResponse(
            status: handle.info(CURLINFO_RESPONSE_CODE), headers: handle.responseHeaders,
            body: body, wasRepeated: attempts > 1, wasReused: wasReused)
    }

    private var mayHaveBeenSent: Bool {
        refusedToRepeat || handle.info(CURLINFO_REQUEST_SIZE) > 0
    }

    private var wasReused: Bool {
        refusedToRepeat || attempts > 0 && handle.info(CURLINFO_NUM_CONNECTS) == 0
    }
}

// MARK: - What libcurl is told

extension Transfer {
    private func configureMessage() throws(HTTPError) {
        try handle.set(CURLOPT_URL, request.url)
        try handle.set(CURLOPT_USERAGENT, "rackpool")
        switch (request.method, request.body) {
        case ("GET", nil): try handle.set(CURLOPT_HTTPGET, 1)
        case ("HEAD", nil): try handle.set(CURLOPT_NOBODY, 1)
        case (let method, nil): try handle.set(CURLOPT_CUSTOMREQUEST, method)
        case (let method, let body?):
            try handle.set(CURLOPT_POST, 1)
            try handle.set(CURLOPT_CUSTOMREQUEST, method)
            try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(body.count))
            let code = body.withUnsafeBytes { bytes in
                // libcurl copies the bytes here; of an empty body it wants any address but null.
                rackpool_easy_set_pointer(
                    handle.raw, CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                        ?? UnsafeMutableRawPointer(errorText))
            }
            try handle.check(code)
        }
        if let credentials = request.basicCredentials {
            try handle.set(CURLOPT_HTTPAUTH, rackpool_auth_basic)
            try handle.set(CURLOPT_USERNAME, credentials.user)
            try handle.set(CURLOPT_PASSWORD, credentials.password)
        }
        try configureHeaders()
    }

    private func configureHeaders() throws(HTTPError) {
        // A name with nothing after the colon keeps libcurl from adding that field by itself: the
        // wait for "100 Continue", codings that cost a slow server time, and a form's content
        // type (CURLOPT_HTTPHEADER(3)).
        var lines = ["Expect:"]
        if request.headers["Accept-Encoding"] == nil { lines.append("Accept-Encoding:") }
        if request.body != nil && request.headers["Content-Type"] == nil {
            lines.append("Content-Type:")
        }
        for field in request.headers.fields {
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else {
                throw HTTPError(.resources, "out of memory")
            }
            headerList = longer
        }
        try handle.set(CURLOPT_HTTPHEADER, list: headerList)
    }

    private func configureConnection() throws(HTTPError) {
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_PROXY, "")
        try handle.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // libcurl takes 0 for its own default, and for "no limit".
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeout.wholeMilliseconds))
        if !answer.isStreamed {
            try handle.set(CURLOPT_TIMEOUT_MS, max(1, request.timeout.wholeMilliseconds))
        }
        // libcurl 7.88 walks through all its cached names after each transfer (multi_done), which
        // with thousands of servers costs more than the transfers. Connections are kept instead.
        try handle.set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
        try handle.set(CURLOPT_TCP_KEEPALIVE, 1)
        try handle.set(CURLOPT_TCP_KEEPIDLE, 60)
        try handle.set(CURLOPT_TCP_KEEPINTVL, 30)
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try handle.set(request.trust)
        if !request.sharesConnection {
            try handle.set(CURLOPT_FRESH_CONNECT, 1)
            try handle.set(CURLOPT_FORBID_REUSE, 1)
        }
        if let path = request.unixSocketPath { try handle.set(CURLOPT_UNIX_SOCKET_PATH, path) }
    }

    private func configureCallbacks() throws(HTTPError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try handle.set(CURLOPT_ERRORBUFFER, pointer: errorText)
        try handle.set(CURLOPT_PRIVATE, pointer: context)
        // All that libcurl knows, for some servers compress without being asked.
        try handle.set(CURLOPT_ACCEPT_ENCODING, "")
        if !answer.isStreamed {
            try handle.set(
                CURLOPT_MAXFILESIZE_LARGE, offset: Int64(max(1, request.maximumBodyBytes)))
        }
        try handle.set(CURLOPT_WRITEDATA, pointer: context)
        try handle.set(
            CURLOPT_WRITEFUNCTION,
            callback: { bytes, size, count, context in
                Transfer.from(context).receiveBody(
                    UnsafeRawBufferPointer(start: bytes, count: size * count))
            })
        try handle.set(CURLOPT_HEADERDATA, pointer: context)
        try handle.set(
            CURLOPT_HEADERFUNCTION,
            callback: { bytes, size, count, context in
                Transfer.from(context).receiveHeader(
                    UnsafeRawBufferPointer(start: bytes, count: size * count))
            })
        try handle.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        try handle.setOpenSocket(callback: { context, _, address in
            Transfer.from(context).openSocket(address)
        })
        try handle.set(CURLOPT_PREREQDATA, pointer: context)
        try handle.setPrerequisite(callback: { context, _, _, _, _ in
            Transfer.from(context).mayBeginAttempt ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        })
    }

    /// The transfer behind a callback's context, which is never null: it is set above.
    static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        // Ours alone: libcurl hands back the pointer that was set, so nothing from outside gets here.
        guard let context else { preconditionFailure("libcurl lost a callback's context") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}

// MARK: - What libcurl tells

extension Transfer {
    // A count other than that received makes libcurl fail the transfer with CURLE_WRITE_ERROR.
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        patience.heard()
        if answer.isStreamed {
            guard !answer.stream(bytes) else { return bytes.count }
            patience.pause()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        guard body.count + bytes.count <= request.maximumBodyBytes else {
            excess = bodyExcess
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    private var headerExcess: String {
        "the header is longer than \(request.maximumHeaderBytes) bytes"
    }

    private var bodyExcess: String {
        let status = handle.info(CURLINFO_RESPONSE_CODE)
        let start = status >= 300 ? "\(status), and the body" : "the body"
        return "\(start) is longer than \(request.maximumBodyBytes) bytes"
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        patience.heard()
        headerBytes += line.count
        guard headerBytes <= request.maximumHeaderBytes else {
            excess = headerExcess
            return 0
        }
        if !isHeaderComplete, isEndOfHeader(line) {
            isHeaderComplete = true
            patience.begin()
            if answer.isStreamed { answer.begin(head()) }
        }
        return line.count
    }

    // Answers with 1xx come before the one that counts (RFC 9110, section 15.2).
    private func isEndOfHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        line.allSatisfy { $0 == 13 || $0 == 10 } && handle.info(CURLINFO_RESPONSE_CODE) >= 200
    }

    // libcurl 7.88 lets programs that we start inherit its sockets, so that closing one here would
    // not end the connection, and does not tell why it got none.
    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address = address?.pointee else { return -1 }
        socketCount += 1
        let file = socket(
            address.family, address.socktype | CInt(SOCK_CLOEXEC.rawValue), address.protocol)
        if file < 0 { socketFault = errno }
        return file
    }

    // libcurl 7.88 sends any request again, on a fresh connection, if a reused connection breaks
    // before the answer's first byte (Curl_retry_request). The server may have acted by then, so
    // only a safe request may go out again, and only once.
    private var mayBeginAttempt: Bool {
        isConnected()
        objection = PinCheck.objection(
            request.trust, handle, isSecure: server.origin.hasPrefix("https:"))
        guard objection == nil else { return false }
        attempts += 1
        guard attempts > (request.isSafe ? 2 : 1) else { return true }
        refusedToRepeat = true
        return false
    }

    private func error(for code: CURLcode) -> HTTPError {
        if let objection {
            return HTTPError(
                objection.kind, objection.message, mayHaveBeenSent: attempts > 0,
                certificate: objection.certificate)
        }
        if let excess { return HTTPError(.tooLarge, excess, mayHaveBeenSent: true) }
        if refusedToRepeat {
            return HTTPError(
                .reset, "the connection broke before an answer came", mayHaveBeenSent: true,
                wasReused: true)
        }
        if code == CURLE_FILESIZE_EXCEEDED {
            return HTTPError(.tooLarge, bodyExcess, mayHaveBeenSent: true)
        }
        // So libcurl 7.88 calls a line of more than 100 KiB, which a header may not have here.
        if code == CURLE_OUT_OF_MEMORY, mayHaveBeenSent, !isHeaderComplete {
            return HTTPError(.tooLarge, headerExcess, mayHaveBeenSent: true)
        }
        let message = message(for: code)
        return HTTPError(
            isOwnShortage(code) ? .resources : HTTPError.Kind(code, message), message,
            mayHaveBeenSent: mayHaveBeenSent, wasReused: wasReused)
    }

    private func isOwnShortage(_ code: CURLcode) -> Bool {
        switch code {
        case CURLE_COULDNT_CONNECT: OwnShortage.isMeant(by: connectFault)
        // Authorities that could not be read, for want of a descriptor or of a file.
        case CURLE_SSL_CACERT_BADFILE: OpenFileLimit.isReached
        default: false
        }
    }

    /// Why there is no connection (errno(3)); 0 if that is not known.
    private var connectFault: CInt {
        if let socketFault { return socketFault }
        let number = CInt(truncatingIfNeeded: handle.info(CURLINFO_OS_ERRNO))
        // Of a name's several addresses one may be of a family that this machine has no route for,
        // and that does not speak for the others.
        return socketCount > 1 && number == ENETUNREACH ? EHOSTUNREACH : number
    }

    private func message(for code: CURLcode) -> String {
        // The scheme was checked before, so that it is the answer's protocol.
        if code == CURLE_UNSUPPORTED_PROTOCOL { return "the answer is no HTTP/1.1" }
        let cause = socketFault ?? CInt(truncatingIfNeeded: handle.info(CURLINFO_OS_ERRNO))
        if code == CURLE_COULDNT_CONNECT, cause != 0 {
            // libcurl's own text leaves out the cause and names a socket's path nowhere.
            let peer = request.unixSocketPath ?? server.origin
            return "no connection to \(peer): \(String(errno: cause))"
        }
        let text = String(cString: errorText)
        return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }
}
