internal import Core

/// The text of an answer (JSON-RPC 2.0, section 5).
enum RPCAnswer {
    /// - Parameter result: JSON text, copied as it stands.
    static func result(_ result: [UInt8], id: RPCIdentifier) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(result.count + 96)
        bytes += #"{"jsonrpc":"2.0","result":"#.utf8
        bytes += result
        end(&bytes, id: id)
        return bytes
    }

    static func fault(_ fault: RPCFault, id: RPCIdentifier) -> [UInt8] {
        var bytes = Array(#"{"jsonrpc":"2.0","error":"#.utf8)
        let error: JSON = [
            "code": JSON(fault.code), "message": .string(fault.message), "data": nil,
        ]
        error.encode(into: &bytes)
        end(&bytes, id: id)
        return bytes
    }

    private static func end(_ bytes: inout [UInt8], id: RPCIdentifier) {
        bytes += #","id":"#.utf8
        id.json.encode(into: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }
}
