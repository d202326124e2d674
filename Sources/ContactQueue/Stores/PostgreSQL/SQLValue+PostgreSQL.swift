import PostgreSQL

extension SQLValue {
  /// A cell from its text form.
  init(text: UnsafeBufferPointer<UInt8>?, kind: Rows.Kind) {
    guard let text else {
      self = .null
      return
    }
    switch kind {
    case .truth: self = .integer(text.first == UInt8(ascii: "t") ? 1 : 0)
    case .bytes: self = .blob(Self.bytes(hexadecimal: text))
    case .integer, .real, .decimal:
      let characters = String(decoding: text, as: UTF8.self)
      if kind != .real, let number = Int64(characters) {
        self = .integer(number)
      } else {
        self = Double(characters).map(SQLValue.real) ?? .text(characters)
      }
    case .other: self = .text(String(decoding: text, as: UTF8.self))
    }
  }

  /// `\x` and two digits a byte.
  private static func bytes(hexadecimal text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let count = (text.count - 2) / 2
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      for place in 0..<count {
        bytes[place] = digit(text[2 * place + 2]) << 4 | digit(text[2 * place + 3])
      }
      written = count
    }
  }

  private static func digit(_ character: UInt8) -> UInt8 {
    character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
  }
}

extension Parameters {
  mutating func append(_ value: SQLValue) {
    switch value {
    case .null: appendNull()
    case .integer(let number): append(number)
    case .real(let number): append(number)
    case .text(let text): append(text: text)
    case .blob(let bytes): append(bytes: bytes)
    }
  }
}
