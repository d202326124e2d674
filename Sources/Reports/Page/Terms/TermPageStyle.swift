/// What the page of terms adds to the style sheet of pages.
enum TermPageStyle {
  static var text: String {
    """
    .terms { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(440px, 100%), 1fr)); gap: 14px; align-items: start; }
    .term { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; min-width: 0; break-inside: avoid; }
    .term h2 { margin: 0; font-size: 16px; line-height: 1.3; overflow-wrap: anywhere; }
    .term h2 small { font-weight: 500; color: var(--quiet); }
    .term p { margin: 2px 0 6px; }
    .term ul { margin: 6px 0 0; padding-left: 18px; }
    .term .bar i { background: var(--accent); }
    .guide { margin: 14px 0 18px; max-width: 900px; color: var(--quiet); }
    svg { display: block; width: 100%; height: auto; margin-top: 8px; }
    svg text { font-size: 11px; fill: var(--quiet); }
    svg .head { font-weight: 600; }
    svg .level { fill: var(--ink); }
    .grid { stroke: var(--line); }
    .zero, .tick { stroke: var(--quiet); }
    .apart { stroke: var(--line); stroke-dasharray: 3 3; }
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
