/// Answers that some BMCs give before they look at what is asked.
extension BMCState {
    /// How many requests ``Dialect/busy`` puts off.
    private static let busyCount = 4

    /// The answer that a dialect gives instead of carrying out the request; nil for none.
    mutating func refusal(of request: SimulatedRequest) -> SimulatedAnswer? {
        arrivals += 1
        if speaks(.busy), arrivals <= Self.busyCount { return busyAnswer() }
        if speaks(.rateLimit), arrivals % 3 == 0 { return Refusal.tooManyRequests.answer() }
        if speaks(.slashRedirect), !request.path.hasSuffix("/") {
            let query = request.query.map { "?" + $0 } ?? ""
            // An iLO adds the slash in this way.
            return SimulatedAnswer(
                status: 308, headers: [("Location", request.path + "/" + query)])
        }
        if speaks(.innerRedirect), request.header("Host")?.hasPrefix("127.") == true,
            !request.path.hasSuffix("/")
        {
            // As it knows itself, behind whatever translates addresses.
            let port = request.header("Host")?.split(separator: ":").dropFirst().first ?? "80"
            return SimulatedAnswer(
                status: 308,
                headers: [("Location", "http://192.0.2.7:\(port)\(request.path)/")])
        }
        return nil
    }

    private func busyAnswer() -> SimulatedAnswer {
        var answer = Refusal.serviceUnavailable.answer()
        if arrivals.isMultiple(of: 2) {
            // A BMC whose clock was never set: only the difference between both dates is right.
            answer.headers.append(("Date", "Thu, 01 Jan 1970 00:00:09 GMT"))
            answer.headers.append(("Retry-After", "Thu, 01 Jan 1970 00:00:10 GMT"))
        } else {
            answer.headers.append(("Retry-After", "1"))
        }
        return answer
    }
}
