/// The style sheet of the page: light and dark, screen, phone and A4 across.
enum PageStyle {
  static let text = """
    :root {
      --paper: #f4f6f8; --card: #ffffff; --ink: #17212b; --quiet: #5d6b78; --line: #e1e6eb;
      --accent: #0f4c81; --high: #c62f2b; --medium: #b86e00; --low: #2b7d4f; --track: #e9edf1;
      --high-soft: #fbe6e5; --medium-soft: #fcefd9; --low-soft: #e0f2e7; --accent-soft: #e2edf7;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #10161c; --card: #182129; --ink: #e8edf2; --quiet: #9aa8b5; --line: #2a353f;
        --accent: #7fb8ea; --high: #ff8079; --medium: #f2b04e; --low: #6fcf97; --track: #2a353f;
        --high-soft: #45211f; --medium-soft: #3f3017; --low-soft: #1c3a2a; --accent-soft: #1b3347;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink); font-size: 14px; line-height: 1.4;
      font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "PingFang SC",
        "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif;
      font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
    }
    main { max-width: 1480px; margin: 0 auto; padding: 28px 24px 40px; }
    p, h1, dl, dd, ol { margin: 0; }
    header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: flex-end; gap: 8px 32px; }
    .group { color: var(--accent); font-weight: 600; }
    h1 { font-size: 26px; line-height: 1.25; font-weight: 700; }
    dl { display: flex; flex-wrap: wrap; gap: 4px 24px; }
    dl div { display: flex; gap: 6px; }
    dt, .counts, footer, .small, .limit { color: var(--quiet); }
    dd { font-weight: 600; }
    .counts { font-weight: 400; }
    .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px; margin: 20px 0; }
    .tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; }
    .tiles p { color: var(--quiet); }
    .tiles .figure { color: var(--ink); font-size: 27px; line-height: 1.2; font-weight: 700; }
    .tiles .figure small { font-size: 14px; font-weight: 500; color: var(--quiet); }
    .tiles .alarm .figure { color: var(--high); }
    .limit { margin: 0 0 10px; }
    .empty { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 40px; text-align: center; }
    table {
      width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card);
      border: 1px solid var(--line); border-radius: 10px;
    }
    th {
      text-align: left; font-weight: 600; font-size: 12px; color: var(--quiet); padding: 10px; white-space: nowrap;
      border-bottom: 1px solid var(--line);
    }
    td { padding: 10px; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    tbody tr:last-child td { border-bottom: 0; }
    .small { font-size: 12px; }
    .rank { width: 42px; text-align: right; color: var(--quiet); overflow-wrap: normal; }
    .number { text-align: right; white-space: nowrap; }
    .customer { width: 11%; }
    .vehicle { width: 12%; overflow-wrap: break-word; }
    .dates { width: 1%; white-space: nowrap; }
    .risk { width: 118px; white-space: nowrap; }
    .bar { height: 6px; margin-top: 6px; border-radius: 3px; background: var(--track); overflow: hidden; }
    .bar i { display: block; height: 100%; border-radius: 3px; background: var(--low); }
    .high .bar i { background: var(--high); }
    .medium .bar i { background: var(--medium); }
    .badge {
      display: inline-block; padding: 0 7px; border-radius: 9px; font-size: 11px; line-height: 18px; font-weight: 600;
      white-space: nowrap; color: var(--quiet); background: var(--track);
    }
    .high .badge, .badge.complaint { color: var(--high); background: var(--high-soft); }
    .medium .badge { color: var(--medium); background: var(--medium-soft); }
    .low .badge { color: var(--low); background: var(--low-soft); }
    .badge.vip, .badge.main { color: var(--accent); background: var(--accent-soft); }
    .reasons { width: 31%; }
    .reasons ol { padding-left: 18px; }
    .reasons li::marker { color: var(--quiet); }
    .reasons li + li { color: var(--quiet); }
    .notes { width: 15%; }
    footer { margin-top: 14px; }
    @media screen and (max-width: 900px) {
      main { padding: 18px 14px 28px; }
      .tiles { grid-template-columns: repeat(2, 1fr); gap: 10px; }
      .tiles .figure { font-size: 22px; }
      table, tbody, tr, td[class] { display: block; width: auto; }
      thead { display: none; }
      table { background: none; border: 0; }
      tr {
        position: relative; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
        padding: 10px 14px; margin-bottom: 12px;
      }
      td, tbody tr td { border: 0; padding: 5px 0; }
      td[class][data-label] { display: grid; grid-template-columns: 88px minmax(0, 1fr); column-gap: 10px; text-align: left; white-space: normal; }
      td[data-label]::before { content: attr(data-label); grid-row: 1 / span 9; color: var(--quiet); font-size: 12px; line-height: 20px; }
      td[data-label] > * { grid-column: 2; }
      td.rank { position: absolute; top: 8px; right: 14px; font-weight: 700; }
      .rank::before { content: "#"; }
      .bar { max-width: 220px; }
    }
    @media print {
      @page { size: A4 landscape; margin: 10mm; }
      :root {
        --paper: #ffffff; --card: #ffffff; --ink: #000000; --quiet: #444444; --line: #cccccc; --accent: #0f4c81;
        --high: #b3201c; --medium: #8a5200; --low: #1f6b40; --track: #e4e4e4; --high-soft: #ffffff;
        --medium-soft: #ffffff; --low-soft: #ffffff; --accent-soft: #ffffff;
      }
      body { font-size: 8.5pt; line-height: 1.3; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      main { max-width: none; padding: 0; }
      h1 { font-size: 15pt; }
      .tiles { margin: 8pt 0; gap: 6pt; }
      .tiles div { padding: 5pt 8pt; border-radius: 4pt; }
      .tiles .figure { font-size: 14pt; }
      .tiles .figure small { font-size: 8pt; }
      .small, th { font-size: 7.5pt; }
      .badge { font-size: 7pt; line-height: 10pt; border: 0.5pt solid currentColor; }
      th, td { padding: 3.5pt 5pt; }
      table { border: 0; border-top: 0.5pt solid var(--line); border-radius: 0; }
      thead { display: table-header-group; }
      tr { break-inside: avoid; }
      .risk { width: 84pt; }
    }
    """
}
