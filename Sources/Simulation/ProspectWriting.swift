/// How a dealer's lead system writes a person whom the customer file knows: mostly the same, sometimes a little otherwise.
enum ProspectWriting {
  private static let sameName = 0.8
  private static let companyEnding = "有限公司"

  /// The customer's name, a form of address, or a name without one of its characters.
  static func name(_ customer: CustomerRow, _ random: inout RandomStream) -> String {
    let draw = random.uniform()
    guard draw >= sameName else { return customer.name }
    guard let female = customer.female else {
      return customer.name.hasSuffix(companyEnding)
        ? String(customer.name.dropLast(companyEnding.count)) : customer.name
    }
    if draw < 0.95 || customer.name.count < 3 { return form(of: customer.name, female: female) }
    var name = customer.name
    name.remove(at: name.index(after: name.startIndex))
    return name
  }

  /// Surname and form of address. Surnames have one character here.
  static func form(of name: String, female: Bool) -> String {
    String(name.prefix(1)) + (female ? "女士" : "先生")
  }

  /// The customer's phone, seldom another one.
  static func phone(_ phone: String, _ random: inout RandomStream) -> String {
    random.chance(0.02) ? PersonNames.phone(&random) : spaced(phone, &random)
  }

  /// A phone as typed: mostly the plain digits, sometimes with the country's code, blanks or dashes.
  static func spaced(_ phone: String, _ random: inout RandomStream) -> String {
    let draw = random.uniform()
    if draw < 0.92 { return phone }
    if draw < 0.95 { return "+86 " + phone }
    let separator = draw < 0.98 ? " " : "-"
    return [phone.prefix(3), phone.dropFirst(3).prefix(4), phone.dropFirst(7)].joined(separator: separator)
  }

  /// A city's place among `cities`: by its full name or without the character for city.
  static func city(_ city: Int, _ random: inout RandomStream) -> Int {
    random.chance(0.15) ? Places.cities.count + city : city
  }

  static let cities = Places.cities.map(\.name) + Places.cities.map { String($0.name.dropLast()) }
}
