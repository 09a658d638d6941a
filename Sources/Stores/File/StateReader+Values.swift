internal import Core
internal import Foundation

extension StateReader {
    func fault(_ path: String, _ message: String) -> StoreError {
        .unreadable("\(file): \(path): \(message); \(StateLoader.advice(file))")
    }

    func object(_ value: JSON, at path: String) throws(StoreError) -> JSONObject {
        guard let object = value.object else {
            throw fault(path, "is \(value.typeName) and should be an object")
        }
        return object
    }

    func list(_ value: JSON, at path: String) throws(StoreError) -> [JSON] {
        guard let list = value.array else {
            throw fault(path, "is \(value.typeName) and should be an array")
        }
        return list
    }

    func string(_ value: JSON, at path: String) throws(StoreError) -> String {
        guard let string = value.string else {
            throw fault(path, "is \(value.typeName) and should be a string")
        }
        return string
    }

    func optionalString(_ value: JSON?, at path: String) throws(StoreError) -> String? {
        guard let value, !value.isNull else { return nil }
        return try string(value, at: path)
    }

    func integer(_ value: JSON, at path: String) throws(StoreError) -> Int64 {
        guard let integer = value.integer, integer.magnitude <= StateKeys.highestNumber else {
            throw fault(
                path,
                "is \(value) and should be an integer from -\(StateKeys.highestNumber) to"
                    + " \(StateKeys.highestNumber)")
        }
        return integer
    }

    func natural(_ value: JSON, at path: String) throws(StoreError) -> UInt64 {
        guard let integer = value.integer, integer >= 0,
            integer.magnitude <= StateKeys.highestNumber
        else {
            throw fault(
                path,
                "is \(value) and should be an integer from 0 to \(StateKeys.highestNumber)")
        }
        return UInt64(integer)
    }

    func date(_ value: JSON?, at path: String) throws(StoreError) -> Date? {
        guard let text = try optionalString(value, at: path) else { return nil }
        guard let date = Date(timestamp: text) else {
            throw fault(path, "\(text) is no date such as 2026-01-31T12:00:00Z")
        }
        return date
    }

    /// A value that one of a few words names.
    func word<Value: RawRepresentable & CaseIterable>(
        _ value: JSON, at path: String, as type: Value.Type
    ) throws(StoreError) -> Value where Value.RawValue == String {
        let text = try string(value, at: path)
        guard let value = Value(rawValue: text) else {
            throw fault(
                path,
                "\(text) is none of "
                    + type.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }
}
