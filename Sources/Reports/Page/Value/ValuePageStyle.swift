/// What the page of values adds to the style sheets of pages and drawings.
enum ValuePageStyle {
  static var text: String {
    """
    .tiles { grid-template-columns: repeat(3, 1fr); }
    .tiles .figure small { white-space: nowrap; }
    .actual { fill: var(--quiet); fill-opacity: 0.55; }
    .expected { fill: var(--accent); }
    .actual-line, .expected-line { fill: none; stroke-width: 2; stroke-linejoin: round; }
    .actual-line { stroke: var(--quiet); stroke-opacity: 0.8; }
    .expected-line { stroke: var(--accent); }
    .border { stroke: var(--quiet); stroke-dasharray: 4 3; }
    svg .on-dark { fill: var(--card); }
    svg .on-light { fill: var(--ink); }
    \(ProbabilityGrid.rules)
    .scroll { overflow-x: auto; }
    table.figures { border: 0; }
    table.figures th, table.figures td { padding: 5px 6px; }
    table.figures th { white-space: normal; vertical-align: bottom; }
    .figures .name { white-space: nowrap; }
    @media screen and (max-width: 900px) {
      .tiles { grid-template-columns: repeat(2, 1fr); }
      .tiles .figure { font-size: 20px; }
      table.figures { display: table; }
      .figures thead { display: table-header-group; }
      .figures tbody { display: table-row-group; }
      .figures tr { display: table-row; }
      .figures td[class], .figures th { display: table-cell; border-bottom: 1px solid var(--line); }
    }
    """
  }
}
