/// The rules of drawings and of the cards that they stand in.
enum ChartStyle {
  static var text: String {
    """
    .terms { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(440px, 100%), 1fr)); gap: 14px; align-items: start; }
    .term { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; min-width: 0; break-inside: avoid; }
    .term h2 { margin: 0; font-size: 16px; line-height: 1.3; overflow-wrap: anywhere; }
    .term p { margin: 2px 0 6px; }
    svg { display: block; width: 100%; height: auto; margin-top: 8px; }
    svg text { font-size: 11px; fill: var(--quiet); }
    svg .head { font-weight: 600; }
    .grid { stroke: var(--line); }
    .zero, .tick { stroke: var(--quiet); }
    .apart { stroke: var(--line); stroke-dasharray: 3 3; }
    """
  }
}
