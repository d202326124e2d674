public import ContactQueue
internal import Foundation
internal import Temporaries

/// What receipts add to a data folder: `outreach/contacts.csv` and `outreach/consents.csv`, in canonical columns, beside
/// the dealer system's own tables. `Histories` reads them with those.
///
/// Each file is written anew and takes the old one's place; the same receipts, in any order and as often as one likes,
/// give the same files.
public struct OutreachTables: Sendable {
  /// What changed.
  public struct Report: Sendable, Equatable {
    public internal(set) var contacts = 0
    public internal(set) var newContacts = 0
    public internal(set) var refusals = 0
    public internal(set) var newRefusals = 0
  }

  static let folderName = "outreach"
  private static let (contactFile, consentFile) = ("contacts.csv", "consents.csv")
  private static let folderMode = 0o700

  private let folder: URL

  /// - Parameter data: the data folder.
  /// - Throws: `inputMissing` when it is not there.
  public init(data: String) throws(OutreachError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: data, isDirectory: &isFolder), isFolder.boolValue else {
      throw OutreachError(.inputMissing, "There is no data folder \(data).", next: "Name one with --data.")
    }
    folder = URL(fileURLWithPath: data).appendingPathComponent(Self.folderName)
  }

  /// Adds receipts.
  ///
  /// - Parameter parties: who the tasks are about; receipts of others are left out.
  /// - Throws: `badData` for a file that is not one of ours, `cannotWrite`.
  public func add(
    _ lines: [ReceiptFile.Line], parties: [Pseudonym: TaskParty]
  ) throws(OutreachError) -> Report {
    var contacts: [ContactRecord] = []
    var refusals: [ConsentRecord] = []
    for line in lines {
      guard let party = parties[line.receipt.task] else { continue }
      if let contact = ContactRecord(line, party) { contacts.append(contact) }
      refusals += ConsentRecord.refusals(line.receipt, party)
    }
    guard !contacts.isEmpty || !refusals.isEmpty else { return Report() }
    return try locked { () throws(OutreachError) in
      var report = Report()
      let kept = try read(Self.contactFile, ContactRecord.columns, ContactRecord.init(cells:))
      let merged = Self.merged(kept + contacts)
      (report.contacts, report.newContacts) = (merged.count, merged.count - Set(kept.map(\.id)).count)
      let statements = try read(Self.consentFile, ConsentRecord.columns, ConsentRecord.init(cells:))
      let all = Set(statements + refusals)
      (report.refusals, report.newRefusals) = (all.count, all.count - Set(statements).count)
      // Refusals first: if only one file can be written, it is this one that nobody may miss.
      if all != Set(statements) {
        let sorted = all.map(\.cells).sorted { $0.lexicographicallyPrecedes($1) }
        try write(sorted, Self.consentFile, ConsentRecord.columns)
      }
      if merged != kept { try write(merged.map(\.cells), Self.contactFile, ContactRecord.columns) }
      return report
    }
  }

  /// Takes all rows of a customer out.
  ///
  /// - Returns: how many there were.
  public func erase(customer id: String) throws(OutreachError) -> Int {
    guard FileManager.default.fileExists(atPath: folder.path) else { return 0 }
    return try locked { () throws(OutreachError) in
      let contacts = try read(Self.contactFile, ContactRecord.columns, ContactRecord.init(cells:))
      let consents = try read(Self.consentFile, ConsentRecord.columns, ConsentRecord.init(cells:))
      let left = (contacts.filter { $0.customerID != id }, consents.filter { $0.customerID != id })
      if left.0.count < contacts.count {
        try write(left.0.map(\.cells), Self.contactFile, ContactRecord.columns)
      }
      if left.1.count < consents.count {
        try write(left.1.map(\.cells), Self.consentFile, ConsentRecord.columns)
      }
      return contacts.count - left.0.count + consents.count - left.1.count
    }
  }

  /// One row a contact, in the order of time.
  static func merged(_ contacts: [ContactRecord]) -> [ContactRecord] {
    var kept: [String: ContactRecord] = [:]
    for contact in contacts {
      if let known = kept[contact.id], !known.isBefore(contact) { continue }
      kept[contact.id] = contact
    }
    return kept.values.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
  }

  // MARK: Files

  private var failure: OutreachError {
    OutreachError(
      .cannotWrite, "\(folder.path) cannot be written.",
      next:
        "Check its rights and the disk's space, then read the same receipts again: nothing is counted twice.")
  }

  /// Keeps a second writer out meanwhile.
  private func locked<Result>(_ body: () throws(OutreachError) -> Result) throws(OutreachError) -> Result {
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: Self.folderMode])
    } catch {
      throw failure
    }
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw failure }
    let result = try body()
    guard fsync(descriptor) == 0 else { throw failure }
    return result
  }

  private func read<Row>(
    _ name: String, _ columns: [String], _ row: ([String]) -> Row?
  ) throws(OutreachError) -> [Row] {
    let path = folder.appendingPathComponent(name).path
    guard let data = FileManager.default.contents(atPath: path) else {
      guard !FileManager.default.fileExists(atPath: path) else { throw failure }
      return []
    }
    let records = try CSVRecords(String(decoding: data, as: UTF8.self), name: path).records
    guard records.first?.cells == columns else {
      throw OutreachError(
        .badData, "\(path) does not have the columns that `revisit outreach receipts` writes.",
        next: "Move it elsewhere; tables of your own belong beside the folder \(Self.folderName).")
    }
    var rows: [Row] = []
    for record in records.dropFirst() {
      guard let row = row(record.cells) else {
        throw OutreachError(
          .badData, "\(path), line \(record.line): the cells do not fit the columns.",
          next: "Restore the file from a copy.")
      }
      rows.append(row)
    }
    return rows
  }

  private func write(_ rows: [[String]], _ name: String, _ columns: [String]) throws(OutreachError) {
    var text = CSVText(isForSpreadsheets: false)
    text.add(columns)
    for row in rows { text.add(row) }
    let bytes = try text.bytes(.utf8)
    let path = folder.appendingPathComponent(name).path
    do {
      try DurableFile.replace(path, with: bytes, mode: DurableFile.ownersMode)
    } catch {
      throw failure
    }
  }
}
