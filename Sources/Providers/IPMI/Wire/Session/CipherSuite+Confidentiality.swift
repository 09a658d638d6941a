internal import CryptoExtras
internal import Foundation

/// Why a payload could not be enciphered: keys or vectors of a wrong length, which is a mistake of
/// ours.
package struct CipherError: Error, Hashable {}

extension CipherSuite.Confidentiality {
    /// A payload as it travels: the initialisation vector, then the data with its padding, enciphered
    /// (IPMI v2.0 13.29).
    /// - Parameter vector: 16 bytes, never used twice.
    package func seal(
        _ payload: [UInt8], key: [UInt8], vector: [UInt8]
    ) throws(CipherError) -> [UInt8] {
        guard self == .aesCBC128 else { return payload }
        // Data, padding and the padding's length fill whole blocks of 16.
        let padding = (16 - (payload.count + 1) % 16) % 16
        let plain = payload + (0..<padding).map { UInt8($0 + 1) } + [UInt8(padding)]
        do {
            let sealed = try AES._CBC.encrypt(
                plain, using: SymmetricKey(data: key), iv: AES._CBC.IV(ivBytes: vector),
                noPadding: true)
            return vector + sealed
        } catch {
            throw CipherError()
        }
    }

    /// The payload of a packet that came.
    /// - Throws: `notAuthentic` if it was not enciphered with this key.
    package func open(_ sealed: [UInt8], key: [UInt8]) throws(IPMIWireError) -> [UInt8] {
        guard self == .aesCBC128 else { return sealed }
        guard sealed.count >= 32, sealed.count % 16 == 0 else {
            throw .invalid("length of the enciphered payload")
        }
        let plain: [UInt8]
        do {
            plain = Array(
                try AES._CBC.decrypt(
                    sealed[16...], using: SymmetricKey(data: key),
                    iv: AES._CBC.IV(ivBytes: sealed[..<16]), noPadding: true))
        } catch {
            throw .notAuthentic("enciphered payload")
        }
        // Some BMCs pad with other bytes than 1, 2, 3…: the length alone is believed.
        guard let padding = plain.last, Int(padding) < plain.count else {
            throw .notAuthentic("padding")
        }
        return Array(plain.dropLast(Int(padding) + 1))
    }
}
