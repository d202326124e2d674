internal import BuyTillYouDie
internal import CustomerValue
internal import Evaluation
public import Histories

extension ValueDocument {
  /// The figures as aligned tables, fitted to a width.
  public func lines(language: Language, width: Int, colour: Bool = false) -> [String] {
    var lines = WrappedText.lines(heading(language), width: width) + [""]
    lines += table(modelColumns(language), width, colour) + [""]
    let covariates = covariateRows(language)
    if !covariates.isEmpty { lines += table(covariateColumns(covariates, language), width, colour) + [""] }
    if assessment.models.candidates.count > 1 {
      lines += table(candidateColumns(language), width, colour) + [""]
    }
    lines += table(frequencyColumns(language), width, colour)
    if let holdOut = assessment.holdOut {
      lines += [""] + table(holdOutColumns(holdOut, language), width, colour)
      lines += WrappedText.lines(errors(of: holdOut, language), width: width)
    }
    return lines + [""] + WrappedText.lines(summary(language), width: width)
  }

  private func table(_ columns: [TextTable.Column], _ width: Int, _ colour: Bool) -> [String] {
    let table = TextTable(columns: columns, width: width)
    return [table.headerLine(colour: colour)]
      + columns[0].cells.indices.map { table.line(row: $0, colour: colour) }
  }

  private func column(
    _ header: String, _ importance: Int, _ texts: [String], alignment: TextTable.Alignment = .right
  ) -> TextTable.Column {
    TextTable.Column(
      header: header, alignment: alignment, importance: importance, narrowest: nil, widest: .max,
      cells: texts.map { TextTable.Cell($0) })
  }

  // MARK: Sentences

  func heading(_ language: Language) -> String {
    let count = "\(NumberText.grouped(histories.count)) \(subject[language])"
    return [ValueWords.title[language], source, count].joined(separator: " · ")
  }

  func errors(of holdOut: HoldOutComparison, _ language: Language) -> String {
    let figures = [holdOut.meanAbsoluteError, holdOut.rootMeanSquareError].map { NumberText.decimals($0, 3) }
    let length = "\(NumberText.short(holdOut.length)) \(ValueWords.unit(histories.unit, language))"
    let totals = [holdOut.actualTotal, holdOut.predictedTotal].map(NumberText.amount)
    return Bilingual(
      "Hold-out of \(length): \(totals[0]) visits, \(totals[1]) predicted; mean absolute error of a customer \(figures[0]), root "
        + "mean square error \(figures[1]).",
      "验证期 \(length)：实际到访 \(totals[0]) 次，预测 \(totals[1]) 次；每位客户平均绝对误差 \(figures[0])，均方根误差 \(figures[1])。")[
        language]
  }

  func summary(_ language: Language) -> String {
    let months = options.horizonMonths
    let rate = NumberText.short(options.monthlyRate * 100)
    let visits = NumberText.amount(share.visits) + (totalInterval.map { $0[language] } ?? "")
    let alive = NumberText.percent(share.alive / Double(max(share.customers, 1)))
    let best = NumberText.percent(share.topTenth)
    guard hasMoney else {
      return Bilingual(
        "\(alive) are taken to be alive; \(visits) visits are expected in \(months) months, \(best) of them from the best tenth.",
        "预计 \(alive) 仍在；\(months) 个月内预期到访 \(visits) 次，其中 \(best) 来自前 10 % 客户。")[language]
    }
    let money = currency.map { " \($0)" } ?? ""
    let value = NumberText.amount(share.value) + money
    let residual =
      share.residual.isFinite
      ? Bilingual(
        "; all that is still to come is worth \(NumberText.amount(share.residual))\(money)",
        "；未来全部到访的价值为 \(NumberText.amount(share.residual))\(money)") : Bilingual("", "")
    return Bilingual(
      "\(alive) are taken to be alive; \(visits) visits are expected in \(months) months, worth \(value) at \(rate) % a month, "
        + "\(best) of it with the best tenth\(residual.english).",
      "预计 \(alive) 仍在；\(months) 个月内预期到访 \(visits) 次，按月折现率 \(rate) % 价值 \(value)，其中 \(best) 来自前 10 % 客户\(residual.chinese)。"
    )[language]
  }

  private var totalInterval: Bilingual? {
    assessment.total.map { total in
      let ends = [total.interval.lowerBound, total.interval.upperBound].map(NumberText.amount)
      let confidence = NumberText.percent(options.confidence)
      return Bilingual(
        " (\(ends[0]) to \(ends[1]) with \(confidence))", "（\(confidence) 区间 \(ends[0]) 至 \(ends[1])）")
    }
  }

  // MARK: Tables

  private func modelColumns(_ language: Language) -> [TextTable.Column] {
    let rows = parameterRows
    return [
      column(ValueWords.model[language], 0, rows.map { $0.model[language] }, alignment: .left),
      column(ValueWords.parameter[language], 0, rows.map(\.name), alignment: .left),
      column(ValueWords.estimate[language], 0, rows.map { $0.estimate }),
      column(ValueWords.error[language], 1, rows.map { $0.error }),
      column(ValueWords.logLikelihood[language], 2, rows.map { $0.logLikelihood }),
    ]
  }

  private func covariateColumns(_ rows: [CovariateRow], _ language: Language) -> [TextTable.Column] {
    [
      column(ValueWords.process[language], 0, rows.map(\.process), alignment: .left),
      column(ValueWords.covariate[language], 0, rows.map(\.name), alignment: .left),
      column(ValueWords.estimate[language], 0, rows.map(\.estimate)),
      column(ValueWords.error[language], 1, rows.map(\.error)),
      column(ValueWords.ratioTest[language], 2, rows.map(\.statistic)),
      column(ValueWords.pValue[language], 0, rows.map(\.pValue)),
    ]
  }

  struct ParameterRow {
    let model: Bilingual
    let name: String
    let estimate: String
    let error: String
    let logLikelihood: String
  }

  /// The parameters of the chosen models; the name of a model stands in its first row.
  var parameterRows: [ParameterRow] {
    let main = assessment.models.main
    let effects = assessment.models.covariates?.fit
    let name = ValueWords.name(main.kind, k: main.model.k)
    var rows = rows(
      Bilingual(name, name), main.kind.parameterNames, (effects?.model ?? main.model).parameters,
      effects?.standardErrors ?? main.standardErrors, effects?.logLikelihood ?? main.logLikelihood)
    if let fit = assessment.spend?.fit {
      rows += self.rows(
        ValueWords.spendModel, ["p", "q", "v"], [fit.model.p, fit.model.q, fit.model.v], fit.standardErrors,
        fit.logLikelihood)
    }
    return rows
  }

  private func rows(
    _ model: Bilingual, _ names: [String], _ values: [Double], _ errors: [Double], _ logLikelihood: Double
  ) -> [ParameterRow] {
    names.indices.map { index in
      ParameterRow(
        model: index == 0 ? model : Bilingual("", ""), name: names[index],
        estimate: ValueWords.figure(values[index]), error: ValueWords.figure(errors[index]),
        logLikelihood: index == 0 ? NumberText.decimals(logLikelihood, 2) : "")
    }
  }

  private func candidateColumns(_ language: Language) -> [TextTable.Column] {
    let candidates = assessment.models.candidates
    func shown(_ value: (RepeatModelFit) -> String) -> [String] {
      candidates.map { (try? $0.fit.get()).map(value) ?? ValueWords.notFitted[language] }
    }
    return [
      column(
        ValueWords.model[language], 0,
        candidates.map { candidate in
          (try? candidate.fit.get()).map { ValueWords.name($0.kind, k: $0.model.k) }
            ?? candidate.kind.paperName
        }, alignment: .left),
      column(ValueWords.logLikelihood[language], 0, shown { NumberText.decimals($0.logLikelihood, 2) }),
      column(ValueWords.criterion[language], 1, shown { NumberText.decimals($0.aic, 2) }),
      column(
        "", 0,
        candidates.map { $0.kind == assessment.models.main.kind ? "← " + ValueWords.chosen[language] : "" },
        alignment: .left),
    ]
  }

  private func frequencyColumns(_ language: Language) -> [TextTable.Column] {
    let rows = frequencyRows
    let total = share
    var columns = [
      column(ValueWords.repeats[language], 0, rows.map(\.label) + [ValueWords.all[language]]),
      column(
        subject[language], 0,
        rows.map { NumberText.grouped($0.customers) } + [NumberText.grouped(total.customers)]),
      column(
        ValueWords.alive[language], 0,
        rows.map { NumberText.percent($0.alive) } + [
          NumberText.percent(total.alive / Double(total.customers))
        ]),
      column(
        ValueWords.visits(months: options.horizonMonths, language), 0,
        rows.map { NumberText.decimals($0.visits, 2) }
          + [NumberText.decimals(total.visits / Double(total.customers), 2)]),
    ]
    guard hasMoney else { return columns }
    let money = currency.map { " (\($0))" } ?? ""
    columns += [
      column(ValueWords.spend[language] + money, 2, rows.map { NumberText.decimals($0.spend, 2) } + [""]),
      column(
        ValueWords.value[language] + money, 1,
        rows.map { NumberText.amount($0.value) } + [NumberText.amount(total.value)]),
      column(
        ValueWords.valueShare[language], 3,
        rows.map { NumberText.percent(total.value > 0 ? $0.value / total.value : .nan) } + [""]),
    ]
    return columns
  }

  private func holdOutColumns(
    _ holdOut: HoldOutComparison, _ language: Language
  ) -> [TextTable.Column] {
    let rows = holdOut.rows
    let prefix = ValueWords.holdOut[language] + " "
    return [
      column(
        ValueWords.repeats[language], 0,
        rows.map { ValueWords.repeats($0.repeats) } + [ValueWords.total[language]]),
      column(
        subject[language], 0,
        rows.map { NumberText.grouped($0.customers) } + [NumberText.grouped(histories.count)]),
      column(
        prefix + ValueWords.actual[language], 0,
        rows.map { NumberText.decimals($0.actual, 4) } + [NumberText.amount(holdOut.actualTotal)]),
      column(
        prefix + ValueWords.predicted[language], 0,
        rows.map { NumberText.decimals($0.predicted, 4) } + [NumberText.amount(holdOut.predictedTotal)]),
    ]
  }
}
