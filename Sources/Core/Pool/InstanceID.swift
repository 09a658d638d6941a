/// How instance IDs are made.
///
/// InfraKit's group controller sorts instances by ID and destroys from the front, so an ID starts
/// with a sequence of fixed width that counts down: a later claim sorts earlier, and the last added
/// is the first destroyed. `zzzzzzzy-r1u07` is the first claim of a pool, on device `r1u07`.
public enum InstanceID {
    /// The digits of Crockford's base 32, in ASCII order as well as in the order of their values.
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let width = 8

    /// How many IDs there are: 2^40 − 1.
    public static let limit: UInt64 = (1 << 40) - 1

    /// The ID of the claim with the given number on the given device.
    /// - Parameter sequence: from 1 to ``limit``.
    public static func make(sequence: UInt64, device: String) -> String {
        var rest = limit - min(sequence, limit)
        var text = [UInt8](repeating: digits[0], count: width)
        for place in text.indices.reversed() {
            text[place] = digits[Int(rest & 31)]
            rest >>= 5
        }
        return String(decoding: text, as: UTF8.self) + "-" + device
    }
}
