internal import Core

/// Systems in what is not quite JSON: a byte that is no UTF-8, a bare control character, a number
/// beyond 64 bits, keys that are repeated, and something behind the end.
struct SloppyDialect: DialectBehaviour {
    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead, answer.isSuccess, state.system(at: request) != nil,
            answer.body.first == UInt8(ascii: "{")
        else { return }
        let start = #"{"PowerState":"Unknown","Oem":{"Ticks":18446744073709551615},"Location":""#
        let body =
            Array(start.utf8) + [0xFF] + Array("\",".utf8) + Array("\"Contact\":\"a\rb\",".utf8)
            + answer.body.dropFirst() + [0, 0] + Array("tail".utf8)
        answer = SimulatedAnswer(status: answer.status, headers: answer.headers, body: body)
    }
}
