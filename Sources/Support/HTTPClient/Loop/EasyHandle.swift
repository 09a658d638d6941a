internal import CCurl

/// A libcurl easy handle with typed setters (curl_easy_setopt(3)). Owned by the ``HandlePool``;
/// used on the loop's thread only.
struct EasyHandle {
    let raw: UnsafeMutableRawPointer

    func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try check(rackpool_easy_set_long(raw, option, value))
    }

    func set(_ option: CURLoption, offset value: Int64) throws(HTTPError) {
        try check(rackpool_easy_set_offset(raw, option, value))
    }

    /// libcurl copies the string.
    func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try check(rackpool_easy_set_string(raw, option, value))
    }

    /// Takes a string option back, whatever its default.
    func unset(_ option: CURLoption) throws(HTTPError) {
        try check(rackpool_easy_set_string(raw, option, nil))
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) throws(HTTPError) {
        try check(rackpool_easy_set_pointer(raw, option, value))
    }

    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) throws(HTTPError) {
        try check(rackpool_easy_set_list(raw, option, list))
    }

    func set(_ option: CURLoption, callback: curl_write_callback) throws(HTTPError) {
        try check(rackpool_easy_set_write_callback(raw, option, callback))
    }

    func setPrerequisite(callback: curl_prereq_callback) throws(HTTPError) {
        try check(rackpool_easy_set_prereq_callback(raw, callback))
    }

    func setOpenSocket(callback: curl_opensocket_callback) throws(HTTPError) {
        try check(rackpool_easy_set_opensocket_callback(raw, callback))
    }

    func check(_ code: CURLcode) throws(HTTPError) {
        guard code != CURLE_OK else { return }
        throw HTTPError(
            code == CURLE_OUT_OF_MEMORY ? .resources : .invalidRequest,
            String(cString: curl_easy_strerror(code)))
    }

    /// curl_easy_getinfo(3) for what is a `long`; 0 if libcurl does not know.
    func info(_ info: CURLINFO) -> Int {
        var value = 0
        return rackpool_easy_get_long(raw, info, &value) == CURLE_OK ? value : 0
    }

    /// The fields of the final answer's header, continuation lines joined, trailers left out.
    var responseHeaders: HTTPHeaders {
        var headers = HTTPHeaders()
        var place: UnsafeMutablePointer<curl_header>?
        while let next = curl_easy_nextheader(raw, UInt32(CURLH_HEADER), -1, place) {
            if let name = next.pointee.name, let value = next.pointee.value {
                headers.add(String(cString: name), String(cString: value))
            }
            place = next
        }
        return headers
    }
}
