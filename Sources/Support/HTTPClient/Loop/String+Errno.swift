internal import Glibc

extension String {
    /// What the C library says about an error number: `Connection refused`.
    init(errno number: CInt) {
        var buffer = [CChar](repeating: 0, count: 128)
        // Unlike strerror(3) it is safe on any thread.
        strerror_r(number, &buffer, buffer.count)
        self = String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
