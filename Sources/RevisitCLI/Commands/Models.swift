import ArgumentParser
import ChurnModel
import Evaluation
import Foundation
import Histories
import ModelRegistry
import Reports

struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show and verify the stored models.",
    discussion: """
        revisit models list
        revisit models show lakeside
        revisit models verify
      """,
    subcommands: [List.self, Show.self, Verify.self], defaultSubcommand: List.self)
}

extension Models {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the stored models with the figures of their tests.",
      usage: "revisit models list [<options>]",
      discussion: """
          revisit models list --models models
        """)

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let entries: [ModelRegistry.Entry]
      do { entries = try registry.registry.list() } catch { throw Failure.from(error) }
      let stored = entries.map { StoredModel($0, in: registry.registry) }
      if common.json {
        Output.json(["schema": "revisit.models/1", "models": stored.map(\.json)])
      } else if stored.isEmpty {
        Talk.line("\(registry.models) holds no model yet; `revisit train` makes one.")
      } else {
        for line in StoredModel.table(stored, language: common.language) { Output.line(line) }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what a model has learned, strongest first.",
      usage: "revisit models show <name> [<options>]",
      discussion: """
        A coefficient is the change of the log-odds of lapse per standard deviation of
        its term: above 0 the risk rises with it, below 0 it falls. A model learned
        from a table has terms: what each value of a column, or of two, adds.

          revisit models show lakeside --top 20
          revisit models show churn --out churn.html
          revisit models show lakeside@1 --lang zh
        """)

    @Argument(help: ArgumentHelp("Model: NAME or NAME@VERSION.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("Coefficients or terms to show, or `all`.", valueName: "n"))
    var top: RowLimit = .all

    @Option(
      help: ArgumentHelp("For a model of terms: a page with a drawing of each, as .html.", valueName: "file"))
    var out: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
      if let out, !out.hasSuffix(".html") {
        throw ValidationError("--out \(out): the page of a model is written as .html.")
      }
    }

    func run() throws {
      let named = try NamedModel(name, from: registry.registry)
      if let out { try draw(named, to: out) }
      if common.json { return Output.json(json(named)) }
      for line in heading(named) { Output.line(line) }
      Output.line()
      let width = Terminal.standardOutput.width()
      switch named.model {
      case .coefficients(let model):
        let document = ModelDocument(model)
        for line in document.lines(language: common.language, width: width, limit: top.count) {
          Output.line(line)
        }
      case .terms(let model):
        let document = TermDocument(model)
        for line in document.lines(language: common.language, width: width, limit: top.count) {
          Output.line(line)
        }
      }
    }

    private func draw(_ named: NamedModel, to out: String) throws {
      guard case .terms(let model) = named.model else {
        throw Failure(
          .usage, "The model \(named.name) has coefficients, no terms to draw. Leave --out away.")
      }
      do {
        try TermPage(model, title: named.name).write(to: out, language: common.language)
      } catch {
        throw Failure.from(error)
      }
      if !common.quiet { Talk.line("\(Shown.count(model.terms.count, "term")) drawn in \(out)") }
    }

    private func json(_ named: NamedModel) -> [String: Any] {
      var object = StoredModel.json(named.model)
      object["schema"] = "revisit.model/1"
      object["model"] = named.name
      object.merge(named.probability.json) { own, _ in own }
      object["dropped"] = named.model.droppedFeatures.map { ["column": $0.column, "reason": $0.reason] }
      switch named.model {
      case .coefficients(let model):
        object["kind"] = "coefficients"
        object["intercept"] = model.intercept
        object["penalty"] = model.penalty
        object["coefficients"] = ModelDocument(model).terms.prefix(top.count ?? .max).map {
          [
            "column": $0.name, "label": $0.label[common.language], "term": $0.part[common.language],
            "per_standard_deviation": $0.coefficient,
          ] as [String: Any]
        }
      case .terms(let model):
        object["kind"] = "terms"
        object["intercept"] = model.intercept
        object["terms"] = model.terms.prefix(top.count ?? .max).map {
          [
            "name": $0.name, "features": $0.features.map { model.features[$0].name },
            "effective_parameters": $0.effectiveParameters, "importance": $0.importance,
            "values": $0.values, "standard_errors": $0.errors, "scales": TermScaleReport.json($0, of: model),
          ] as [String: Any]
        }
      }
      return object
    }

    private func heading(_ named: NamedModel) -> [String] {
      let chinese = common.language == .chinese
      let training = named.model.training
      var lines = [named.table.map { Self.tableLine(named, $0, chinese) } ?? labelLine(named, chinese)]
      lines.append(
        chinese
          ? "\(Shown.count(training.rows)) 行，\(Shown.count(training.positives)) 行\(named.table == nil ? "流失" : "为正例")"
          : "\(Shown.count(training.rows)) rows, \(Shown.count(training.positives)) of them \(named.table == nil ? "lapsed" : "positive")"
      )
      lines += named.probability.lines(common.language)
      if let chosen = Self.chosenLine(named.model, chinese) { lines.append(chosen) }
      if let offset = named.table?.offset {
        lines.append(
          chinese ? "对数几率另加“\(offset)”列" : "The column \"\(offset)\" is added to the log-odds.")
      }
      if let test = TestNotes(named.model) {
        lines.append(
          chinese
            ? "时间外检验 \(test.asOf)：AUC \(Shown.number(test.auc, 4))，简单规则 \(Shown.number(test.plainRuleAUC, 4))"
            : "Test at \(test.asOf): AUC \(Shown.number(test.auc, 4)), plain rule \(Shown.number(test.plainRuleAUC, 4))"
        )
      }
      return lines
    }

    /// What an elastic net has chosen; nil for other models.
    private static func chosenLine(_ model: AnyModel, _ chinese: Bool) -> String? {
      guard case .coefficients(let own) = model, let mixing = own.metadata[RegularisationPath.mixingKey],
        let columns = own.metadata[RegularisationPath.columnsKey]
      else { return nil }
      let penalty = PathReport.penalty(own.penalty)
      return chinese
        ? "弹性网（α = \(mixing)，惩罚 \(penalty)）：\(columns) 列中选 \(own.columns.count) 列"
        : "Elastic net (alpha \(mixing), penalty \(penalty)): \(own.columns.count) of \(columns) columns are used"
    }

    private static func tableLine(_ named: NamedModel, _ table: TableSchema, _ chinese: Bool) -> String {
      chinese
        ? "\(named.name)：由表格训练，预测 \(table.label) = \(table.values.positive)"
        : "\(named.name): trained on a table, predicts \(table.label) = \(table.values.positive)"
    }

    private func labelLine(_ named: NamedModel, _ chinese: Bool) -> String {
      let dates = named.model.metadata["as_of"].map { $0.replacing(",", with: ", ") } ?? "–"
      return chinese
        ? "\(named.name)：流失定义 \(named.label)，训练日期 \(dates)"
        : "\(named.name): label \(named.label), trained at \(dates)"
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that stored models are what was saved and can be read.",
      usage: "revisit models verify [<name>] [<options>]",
      discussion: """
        Ends with exit code 1 when a model is damaged.

          revisit models verify
          revisit models verify lakeside@1
        """)

    @Argument(help: ArgumentHelp("Model: NAME or NAME@VERSION (default: all).", valueName: "name"))
    var name: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let registry = registry.registry
      let entries: [ModelRegistry.Entry]
      do {
        entries = try name.map { [try registry.find(ModelReference(parsing: $0))] } ?? registry.list()
      } catch {
        throw Failure.from(error)
      }
      let stored = entries.map { StoredModel($0, in: registry, isThorough: true) }
      let damaged = stored.filter { $0.problem != nil }.count
      if common.json {
        Output.json([
          "schema": "revisit.models-verify/1", "damaged": damaged,
          "models": stored.map {
            ["model": $0.reference, "good": $0.problem == nil, "problem": $0.problem ?? NSNull()]
              as [String: Any]
          },
        ])
      } else {
        for model in stored {
          let good = common.language == .chinese ? "完好" : "good"
          Output.line("\(model.reference)  \(model.problem ?? good)")
        }
      }
      if damaged > 0 { throw Failure(.checkFailed, "\(damaged) of \(stored.count) models cannot be used.") }
    }
  }
}
