/// Where a peer listens that can't be told to choose a free port: an address of its own, for all of
/// 127.0.0.0/8 is this machine's (RFC 1122 3.2.1.3). Simulated BMCs of ours have 127.23.
struct LoopbackAddress: Sendable, CustomStringConvertible {
    let host: String
    var port = 6230

    static func random() -> LoopbackAddress {
        LoopbackAddress(
            host: "127.\(Int.random(in: 64...191)).\(Int.random(in: 0...255))"
                + ".\(Int.random(in: 1...254))")
    }

    var description: String { "\(host):\(port)" }
}
