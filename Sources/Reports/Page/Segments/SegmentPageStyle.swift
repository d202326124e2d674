/// What the page of segments adds to the style sheet of pages with drawings.
enum SegmentPageStyle {
  static let text = """
    h2 { margin: 26px 0 10px; font-size: 18px; line-height: 1.3; }
    .scores { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 14px; margin: 18px 0; }
    .scores div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px; }
    .scores p:first-child { font-weight: 600; color: var(--accent); }
    svg .figure { fill: var(--ink); font-size: 12px; }
    svg .figure.part { font-size: 10px; }
    svg .figure.strong { fill: var(--paper); }
    .wide { overflow-x: auto; }
    .wide svg { min-width: 620px; }
    td.name { font-weight: 600; }
    .segments { max-width: 1000px; }
    .segments .bar { width: 90px; display: inline-block; margin: 0 0 2px 8px; }
    .segments .bar i { background: var(--accent); }
    tr.sum td { font-weight: 600; border-top: 1px solid var(--line); }
    .guide li { margin: 2px 0; }
    """
}
