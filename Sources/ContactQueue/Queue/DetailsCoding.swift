internal import Foundation

/// Personal details as JSON, written by hand: a list of a million lines is encoded while it is enqueued.
///
/// Keys come in a fixed order and missing values are left out, so that equal details are equal bytes.
enum DetailsCoding {
  static func bytes(_ contact: ContactDetails) -> [UInt8] {
    var writer = Writer()
    writer.add("customerID", contact.customerID)
    writer.add("name", contact.name)
    writer.add("phone", contact.phone)
    writer.add("wechat", contact.wechat)
    writer.add("email", contact.email)
    writer.add("language", contact.language)
    return writer.finished()
  }

  static func bytes(_ details: TaskDetails) -> [UInt8] {
    var writer = Writer()
    writer.add("vin", details.vin)
    writer.add("plate", details.plate)
    writer.add("model", details.model)
    writer.add("dealerID", details.dealerID)
    writer.add("adviser", details.adviser)
    writer.add("lastVisitOn", details.lastVisitOn)
    writer.add("nextDueOn", details.nextDueOn)
    writer.add("reasons", details.reasons)
    writer.add("play", details.play)
    return writer.finished()
  }

  static func read<Details: Decodable>(_ bytes: [UInt8], as type: Details.Type) throws(QueueError) -> Details
  {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw .damaged("contact")
    }
  }

  private struct Writer {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init() { bytes.reserveCapacity(256) }

    mutating func add(_ key: StaticString, _ value: String?) {
      guard let value else { return }
      start(key)
      add(value)
    }

    mutating func add(_ key: StaticString, _ values: [String]) {
      start(key)
      bytes.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        add(value)
      }
      bytes.append(UInt8(ascii: "]"))
    }

    consuming func finished() -> [UInt8] {
      bytes.append(UInt8(ascii: "}"))
      return bytes
    }

    private mutating func start(_ key: StaticString) {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(UInt8(ascii: "\""))
      key.withUTF8Buffer { bytes.append(contentsOf: $0) }
      bytes.append(UInt8(ascii: "\""))
      bytes.append(UInt8(ascii: ":"))
    }

    private mutating func add(_ value: String) {
      bytes.append(UInt8(ascii: "\""))
      var value = value
      value.withUTF8 { text in
        if text.contains(where: Self.isSpecial) {
          for byte in text { add(byte) }
        } else {
          bytes.append(contentsOf: text)
        }
      }
      bytes.append(UInt8(ascii: "\""))
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
      byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func add(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        bytes.append(contentsOf: Array("\\u00".utf8))
        for digit in [byte >> 4, byte & 15] {
          bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
      default: bytes.append(byte)
      }
    }
  }
}
