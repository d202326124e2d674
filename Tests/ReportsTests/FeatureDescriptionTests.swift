import Evaluation
import Features
import Foundation
import Histories
import Simulation
import Testing

@testable import Reports

@Suite("Description of features in reports")
struct FeatureDescriptionTests {
  private static let description: FeatureDescription = {
    let folder = try! TemporaryFolder()
    let end = Day("2026-06-30")!
    let url = URL(fileURLWithPath: folder.path("data"))
    _ = try! Simulator(options: SimulationOptions(customers: 400, seed: 12, until: end)).write(to: url)
    return FeatureDescription(try! Histories.load(url.path), dates: [end - 540, end - 600], label: .due)
  }()

  @Test("no line exceeds the width, and the more of it the more columns", arguments: Language.allCases)
  func widths(language: Language) {
    let table = FeatureDescriptionTable(Self.description)
    var shown: Set<String> = []
    for width in [80, 120, 200] {
      let lines = table.terminalLines(language: language, width: width)
      for line in lines { #expect(DisplayWidth.of(line) <= width, "\(line)") }
      let header = Set((lines.first { $0.contains("AUC") } ?? "").split(separator: " ").map(String.init))
      #expect(header.isSuperset(of: shown) && header.count > shown.count, "\(width)")
      shown = header
      for feature in Feature.allCases {
        #expect(lines.contains { $0.hasPrefix(feature.name + " ") }, "\(feature.name) at \(width)")
      }
    }
  }

  @Test("the most telling feature stands first, contrary directions are marked")
  func order() throws {
    let lines = FeatureDescriptionTable(Self.description).terminalLines(language: .english, width: 200)
    let best = try #require(
      Self.description.profiles.filter { !$0.informationValue.isNaN }.max {
        $0.informationValue < $1.informationValue
      })
    let header = try #require(lines.firstIndex { $0.hasPrefix("feature") })
    #expect(lines[header + 1].hasPrefix(best.feature.name))
    let marked = lines.filter { $0.contains(" !") && !$0.hasPrefix("Direction") }.count
    #expect(marked == Self.description.profiles.count(where: \.isContrary))
    #expect(lines[0].hasPrefix("As of 2024-11-07, 2025-01-06: "))
  }

  @Test("the file has a row a feature, with empty cells where nothing is known")
  func file() throws {
    let folder = try TemporaryFolder()
    let table = FeatureDescriptionTable(Self.description)
    try table.write(to: folder.path("d.csv"))
    let rows = try String(contentsOfFile: folder.path("d.csv"), encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == Feature.count + 1 && rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows.dropFirst().map { $0[0] } == Feature.allCases.map(\.name))
    let column = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[0].indices))
    for (row, profile) in zip(rows.dropFirst(), Self.description.profiles) {
      #expect(Int(row[column["missing"]!]) == profile.missing)
      #expect(profile.auc.isNaN ? row[column["auc"]!].isEmpty : Double(row[column["auc"]!]) == profile.auc)
      #expect(Int(row[column["correlation_group"]!]) == profile.correlationGroup)
      #expect(row[column["contrary"]!] == (profile.isContrary ? "true" : "false"))
    }
    #expect(table.json.count == Feature.count)
    #expect(table.json.compactMap { $0["levels"] }.count == Catalogue.all.count { $0.levels != nil })
  }

  @Test("numbers are short and readable")
  func numbers() {
    #expect(NumberText.short(1234567.4) == "1,234,567" && NumberText.short(-250.2) == "-250")
    #expect(
      NumberText.short(3) == "3" && NumberText.short(0.126) == "0.13" && NumberText.short(45.67) == "45.7")
    #expect(NumberText.short(.nan) == "–" && NumberText.decimals(.nan, 2) == "–")
    #expect(NumberText.decimals(0.12345, 3) == "0.123")
  }
}
