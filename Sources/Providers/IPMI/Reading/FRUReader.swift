internal import IPMIWire

/// Reads inventories of parts in pieces (IPMI v2.0 34), just the areas that tell what the part is.
struct FRUReader: Sendable {
    /// How many bytes are asked for at once; the next less where a BMC returns none.
    private static let chunks = [128, 64, 32, 16, 8]
    private static let shrinking: [CompletionCode] = [
        .cannotReturnThatMany, .lengthExceeded, .invalidLength, .invalidField, .outOfRange,
        .noResponse, .unspecified,
    ]

    /// What an inventory consists of, as far as it is read here.
    struct Areas: OptionSet {
        let rawValue: UInt8

        static let chassis = Areas(rawValue: 0x01)
        static let board = Areas(rawValue: 0x02)
        static let product = Areas(rawValue: 0x04)
        static let all: Areas = [.chassis, .board, .product]
    }

    private var chunk = 0
    /// Whether something was not told that may be in a moment.
    private(set) var wasBusy = false
    /// Why nothing was told of the last part of which nothing was; nil if it has no inventory, or is
    /// absent.
    private(set) var complaint: String?

    /// What a part says of itself; nil if it has no inventory, is absent, or was not read.
    mutating func inventory(
        of device: UInt8, lun: UInt8 = 0, areas: Areas = .all, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> FRUInventory? {
        complaint = nil
        let info = try await budget.ask(GetFRUInventoryAreaInfo(device: device, lun: lun))
        if !info.meansNotKnown { note(info) }
        guard let size = info.response, size.size > 0 else { return nil }
        let part = Part(device: device, lun: lun, size: size)
        let head = try await read(part, 0..<FRUCommonHeader.length, &budget)
        guard head.contains(where: { $0 != 0xFF && $0 != 0 }) else { return nil }
        complaint = nil
        let header: FRUCommonHeader
        do {
            header = try FRUCommonHeader(bytes: head)
        } catch {
            return FRUInventory(complaints: ["the inventory can't be read: \(error.reason)"])
        }
        var inventory = FRUInventory()
        if !header.hasValidChecksum {
            inventory.complaints.append("the header's checksum is wrong")
        }
        if areas.contains(.chassis) {
            inventory.chassis = try await area(
                "chassis", header.chassis, \.hasValidChecksum, part, &inventory, &budget)
        }
        if areas.contains(.board) {
            inventory.board = try await area(
                "board", header.board, \.hasValidChecksum, part, &inventory, &budget)
        }
        if areas.contains(.product) {
            inventory.product = try await area(
                "product", header.product, \.hasValidChecksum, part, &inventory, &budget)
        }
        return inventory
    }

    /// Keeps why something was not told, unless there is no such thing.
    private mutating func note<Response>(_ answer: RequestBudget.Answer<Response>) {
        if case .refused(let code) = answer {
            wasBusy = wasBusy || code.isTransient
            if code == .notPresent { return }
        }
        complaint = answer.complaint ?? complaint
    }

    /// A part, and what was read of it.
    private struct Part {
        let device: UInt8
        let lun: UInt8
        let size: GetFRUInventoryAreaInfo.Response

        var byteCount: Int { Int(size.size) * (size.isInWords ? 2 : 1) }
    }

    private mutating func area<Area: WireValue>(
        _ name: String, _ offset: Int, _ isValid: KeyPath<Area, Bool>, _ part: Part,
        _ inventory: inout FRUInventory, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Area? {
        guard offset > 0 else { return nil }
        let head = try await read(part, offset..<(offset + 8), &budget)
        guard head.count > 1 else {
            inventory.complaints.append("the \(name) area can't be read")
            return nil
        }
        let rest = try await read(
            part, (offset + head.count)..<(offset + max(8, Int(head[1]) * 8)), &budget)
        do {
            let area = try Area(bytes: head + rest)
            if head.count + rest.count < Int(head[1]) * 8 {
                inventory.complaints.append("the \(name) area is cut short")
            } else if !area[keyPath: isValid] {
                inventory.complaints.append("the \(name) area's checksum is wrong")
            }
            return area
        } catch {
            inventory.complaints.append("the \(name) area can't be read: \(error.reason)")
            return nil
        }
    }

    /// As many of the bytes as there are and the BMC returns.
    private mutating func read(
        _ part: Part, _ range: Range<Int>, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> [UInt8] {
        let unit = part.size.isInWords ? 2 : 1
        let end = min(range.upperBound, part.byteCount)
        var bytes: [UInt8] = []
        while range.lowerBound + bytes.count < end {
            let start = range.lowerBound + bytes.count
            let count = min(Self.chunks[chunk], end - start)
            let answer = try await budget.ask(
                ReadFRUData(
                    device: part.device, offset: UInt16(clamping: start / unit),
                    count: UInt8(clamping: (count + unit - 1) / unit), lun: part.lun))
            switch answer {
            case .response(let piece):
                // What a BMC returns beyond what it was asked for is not to be counted on.
                let fresh = piece.data.prefix(count)
                guard !fresh.isEmpty, unit == 1 || fresh.count.isMultiple(of: 2) else {
                    return bytes
                }
                bytes += fresh
            case .refused(let code)
            where Self.shrinking.contains(code) && chunk + 1 < Self.chunks.count:
                chunk += 1
            case .ignored where chunk + 1 < Self.chunks.count:
                chunk += 1
            case .refused, .ignored, .malformed, .unasked:
                note(answer)
                return bytes
            }
        }
        return bytes
    }
}
