/// What the page of terms adds to the style sheet of pages.
enum TermPageStyle {
  static var text: String {
    """
    .term h2 small { font-weight: 500; color: var(--quiet); }
    .term ul { margin: 6px 0 0; padding-left: 18px; }
    .term .bar i { background: var(--accent); }
    .guide { margin: 14px 0 18px; max-width: 900px; color: var(--quiet); }
    svg .level { fill: var(--ink); }
    .band { fill: var(--accent); fill-opacity: 0.18; }
    .curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
    .error { stroke: var(--accent); stroke-width: 1.5; stroke-opacity: 0.6; }
    .dot { fill: var(--accent); }
    path[class^="m"] { shape-rendering: crispEdges; }
    \(DivergingPalette.rules(dark: false))
    @media screen and (prefers-color-scheme: dark) {
    \(DivergingPalette.rules(dark: true))
    }
    """
  }
}
