import ArgumentParser

/// How much memory may be used.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep events in temporary files beyond this much memory, such as 2GB (at least 256MB); the results are the same.",
      valueName: "size"))
  var memory: MemorySize?
}

/// An amount of memory: a number and KB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024).
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  static let least = 256_000_000
  private static let units: [(name: String, bytes: Double)] = [
    ("kib", 1024), ("mib", 1_048_576), ("gib", 1_073_741_824), ("tib", 1_099_511_627_776), ("kb", 1e3),
    ("mb", 1e6), ("gb", 1e9), ("tb", 1e12),
  ]

  init?(argument: String) {
    let text = argument.lowercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
      let number = Double(text.dropLast(unit.name.count)), number.isFinite
    else { return nil }
    let bytes = number * unit.bytes
    guard bytes >= Double(Self.least), bytes < Double(Int.max) else { return nil }
    self.bytes = Int(bytes)
  }
}
