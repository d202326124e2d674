import BuyTillYouDie
import ChurnModel
import ContactQueue
import CustomerValue
import DuckDB
import Foundation
import Evaluation
import Histories
import ModelRegistry
import Outreach
import Reports
import Retention
import Simulation
import Tables
import Temporaries

/// An error with the exit code that the plan gives it.
struct Failure: Error {
  enum Code: Int32 {
    /// Nothing failed: the reader of standard output has seen enough.
    case done = 0
    case checkFailed = 1
    case usage = 64
    case badData = 65
    case inputMissing = 66
    case internalFault = 70
    case cannotWrite = 73
    case tryAgain = 75
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Prints the message and ends the process.
  static func report(_ failure: Failure) -> Never {
    Temporaries.waitIfEnding()
    guard failure.code != .done else { Foundation.exit(0) }
    FileHandle.standardError.write(Data("revisit: \(failure.message)\n".utf8))
    Foundation.exit(failure.code.rawValue)
  }

  /// Turns an error of any room into a failure with its exit code.
  static func from(_ error: any Error) -> Failure {
    switch error {
    case let failure as Failure: failure
    case let error as HistoriesError: Failure(code(error.code), error.description)
    case let error as SimulationError: Failure(code(error.code), error.description)
    case let error as ReportError:
      Failure(Code(rawValue: error.exitCode) ?? .internalFault, error.description)
    case let error as ModelRegistryError: Failure(code(error.code), error.description)
    case let error as EvaluationError: Failure(error.code == .badDates ? .usage : .badData, error.description)
    case let error as RetentionError:
      Failure(error.code == .unknownDealer ? .usage : .badData, error.description)
    case let error as RulesError:
      Failure(
        error.code == .inputMissing ? .inputMissing : error.code == .contradiction ? .usage : .badData,
        error.description)
    case let error as QueueError: Failure(code(error.code), error.description)
    case let error as OutreachError: Failure(code(error.code), error.description)
    case let error as TableError: Failure(code(error.code), error.description)
    case let error as ChurnModelError:
      Failure(error.code == .invalidOption ? .usage : .badData, error.description)
    case let error as RepeatModelError: Failure(.badData, "\(error).")
    case let error as DuckDBError:
      Failure(
        error.code == .libraryNotFound || error.code == .libraryUnusable ? .inputMissing : .badData,
        error.description)
    default: Failure(.internalFault, "\(error)")
    }
  }

  private static func code(_ code: HistoriesError.Code) -> Code {
    switch code {
    case .unknownTarget: .usage
    case .inputMissing, .engineMissing: .inputMissing
    case .badData: .badData
    case .cannotWrite: .cannotWrite
    }
  }

  private static func code(_ code: TableError.Code) -> Code {
    switch code {
    case .unknownFormat, .unknownColumn: .usage
    case .inputMissing, .engineMissing: .inputMissing
    case .badData: .badData
    case .cannotWrite: .cannotWrite
    }
  }

  private static func code(_ code: QueueError.Code) -> Code {
    switch code {
    case .usage: .usage
    case .notFound: .inputMissing
    case .badData, .refused: .badData
    case .cannotWrite: .cannotWrite
    case .tryAgain: .tryAgain
    case .fault: .internalFault
    }
  }

  private static func code(_ code: OutreachError.Code) -> Code {
    switch code {
    case .usage: .usage
    case .inputMissing: .inputMissing
    case .badData: .badData
    case .cannotWrite: .cannotWrite
    }
  }

  private static func code(_ code: SimulationError.Code) -> Code {
    switch code {
    case .invalidOption: .usage
    case .folderNotEmpty, .cannotWrite: .cannotWrite
    case .engineMissing: .inputMissing
    case .database: .internalFault
    }
  }

  private static func code(_ code: ModelRegistryError.Code) -> Code {
    switch code {
    case .invalidName: .usage
    case .notFound, .notReadable: .inputMissing
    case .damaged, .otherFormat: .badData
    case .notWritable: .cannotWrite
    }
  }
}
