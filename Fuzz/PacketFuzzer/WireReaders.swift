internal import IPMIWire
internal import NIOCore

/// Everything that is read from bytes.
enum WireReaders {
    static let all: [@Sendable ([UInt8]) -> Void] =
        packets + application + chassis + storage + records

    private static let packets: [@Sendable ([UInt8]) -> Void] = [
        reader { _ = try RMCPHeader.read(from: &$0) },
        reader { _ = try PresencePing.read(from: &$0) },
        reader { _ = try PresencePong.read(from: &$0) },
        reader { _ = try SessionlessPacket.read(from: &$0) },
        reader { _ = try LANMessage.read(from: &$0) },
        reader { _ = try LANRequest.read(from: &$0) },
        reader { _ = try LANResponse.read(from: &$0) },
        reader { _ = try RMCPPlusPacket.read(from: &$0, codeLength: 0) },
        reader { _ = try RMCPPlusPacket.read(from: &$0, codeLength: 12) },
        reader { _ = try RMCPPlusPacket.read(from: &$0, codeLength: 16) },
        reader { _ = try OpenSessionRequest.read(from: &$0) },
        reader { _ = try OpenSessionResponse.read(from: &$0) },
        reader { _ = try RAKP1.read(from: &$0) },
        reader { _ = try RAKP2.read(from: &$0) },
        reader { _ = try RAKP3.read(from: &$0) },
        reader { _ = try RAKP4.read(from: &$0) },
    ]

    private static let application: [@Sendable ([UInt8]) -> Void] =
        both(GetDeviceID.self) + both(GetSystemGUID.self)
        + both(GetChannelAuthenticationCapabilities.self) + both(GetChannelCipherSuites.self)
        + both(SetSessionPrivilegeLevel.self) + both(CloseSession.self)

    private static let chassis: [@Sendable ([UInt8]) -> Void] =
        both(GetChassisStatus.self) + both(ChassisControl.self) + both(ChassisIdentify.self)
        + both(GetSystemBootOptions.self) + both(SetSystemBootOptions.self)
        + both(GetPowerReading.self) + [value(BootFlags.self), value(BootAcknowledge.self)]

    private static let storage: [@Sendable ([UInt8]) -> Void] =
        both(GetSELInfo.self) + both(GetSELEntry.self) + both(GetSELTime.self)
        + both(ReserveSEL.self) + both(GetSDRRepositoryInfo.self) + both(GetSDR.self)
        + both(ReserveSDRRepository.self) + both(GetDeviceSDRInfo.self) + both(GetDeviceSDR.self)
        + both(ReserveDeviceSDRRepository.self) + both(GetFRUInventoryAreaInfo.self)
        + both(ReadFRUData.self) + both(GetSensorReading.self) + both(GetSensorThresholds.self)
        + both(GetSensorHysteresis.self) + both(GetSensorReadingFactors.self)

    private static let records: [@Sendable ([UInt8]) -> Void] = [
        value(SensorFactors.self), value(SensorDataRecord.self), value(SELRecord.self),
        value(CipherSuiteRecord.self), { _ = CipherSuiteRecord.readAll($0) },
        value(PackedText.self), reader { _ = try PackedText.read(from: &$0).text },
        reader { _ = try FRUCommonHeader.read(from: &$0) },
        reader { try rewrite(FRUChassis.read(from: &$0)) },
        reader { try rewrite(FRUBoard.read(from: &$0)) },
        reader { try rewrite(FRUProduct.read(from: &$0)) },
        reader { buffer in
            guard case .full(let record) = try SensorDataRecord.read(from: &buffer).body else {
                return
            }
            for raw in UInt8.min ... .max {
                let value = record.factors.value(
                    of: raw, format: record.head.units.format, record.linearisation)
                precondition(value?.isFinite ?? true, "no number")
            }
        },
    ]

    // MARK: How they are exercised

    private static func reader(
        _ read: @escaping @Sendable (inout ByteBuffer) throws -> Void
    ) -> @Sendable ([UInt8]) -> Void {
        { bytes in
            var buffer = ByteBuffer(bytes: bytes)
            try? read(&buffer)
        }
    }

    /// An area of an inventory loses its empty texts, its padding and a wrong checksum: what is
    /// written is another, which is read again.
    private static func rewrite<Value: WireValue>(_ value: Value) throws {
        var written = ByteBuffer(bytes: value.wireBytes)
        _ = try Value.read(from: &written)
    }

    /// A command's request and its response.
    private static func both<Command: IPMICommand>(
        _ command: Command.Type
    ) -> [@Sendable ([UInt8]) -> Void] {
        [value(command), value(Command.Response.self)]
    }

    /// What could be read is written so that the same is read again.
    private static func value<Value: WireValue>(
        _ type: Value.Type
    ) -> @Sendable ([UInt8]) -> Void {
        { bytes in
            var buffer = ByteBuffer(bytes: bytes)
            guard let value = try? Value.read(from: &buffer) else { return }
            var written = ByteBuffer()
            value.write(into: &written)
            let again = try? Value.read(from: &written)
            precondition(again == value, "\(value) became \(String(describing: again))")
        }
    }
}
