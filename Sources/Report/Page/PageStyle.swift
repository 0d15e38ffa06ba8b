/// The page's looks: light and dark, on a phone and on paper. Eight colours that colour-blind people tell apart
/// (Okabe and Ito).
enum PageStyle {
    static let text = """
        :root{--ground:#fff;--ink:#1b1f24;--faint:#5c6670;--rule:#d8dde3;--card:#f6f8fa;--bad:#b3261e;--good:#1a7f37;
        --doubt:#8a5a00;--fault:#d5460022;--healing:#0072b21f;
        --s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#cc79a7;--s4:#8a6d00;--s5:#3a9bd9;--s6:#1b1f24;--s7:#7a52a3}
        @media(prefers-color-scheme:dark){:root{--ground:#0f1419;--ink:#e6e9ec;--faint:#9aa5b1;
        --rule:#2b333c;--card:#171d24;
        --bad:#ff8a80;--good:#5fd38d;--doubt:#f0c36a;--fault:#ff8a5030;--healing:#58b0e62e;
        --s0:#58b0e6;--s1:#ff9451;--s2:#3fcf9f;--s3:#e79cc8;--s4:#e6cf52;--s5:#8fd0ff;--s6:#e6e9ec;--s7:#c0a0e6}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1080px;padding:24px 16px 64px;background:var(--ground);color:var(--ink);
        font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
        h1{font-size:1.6rem;margin:0 0 4px}h2{font-size:1.2rem;margin:40px 0 8px}h3{font-size:1rem;margin:0}
        .answer{display:inline-block;padding:2px 12px;border-radius:4px;border:2px solid;font-weight:700}
        .dim,.note{color:var(--faint)}.bad{color:var(--bad)}.good{color:var(--good)}.doubt{color:var(--doubt)}
        .strong,td.bad,td.good,td.doubt{font-weight:600}
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
        th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid var(--rule)}
        th{color:var(--faint);font-weight:600}[data-side=right]{text-align:right}td{overflow-wrap:anywhere}
        td:not(:last-child){overflow-wrap:normal}
        figure{margin:16px 0;padding:12px;background:var(--card);border-radius:8px;break-inside:avoid;overflow-x:auto}
        figcaption{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline}
        .legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin:0;padding:0;list-style:none;font-size:.85rem}
        .legend li::before{content:"";display:inline-block;width:16px;margin-right:6px;vertical-align:middle;
        border-top:3px solid var(--c)}.legend .dashed::before{border-top-style:dashed}
        output{margin-left:auto;font-size:.85rem;color:var(--faint);min-height:1.5em}
        .chart{display:block;width:100%;min-width:560px;height:auto;margin-top:6px}
        .chart:focus-visible{outline:2px solid var(--s0)}
        .chart text{fill:var(--faint);font-size:11px}.value{text-anchor:end;dominant-baseline:middle}
        .time{text-anchor:middle}.grid{stroke:var(--rule)}
        path{fill:none;stroke:var(--c);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
        path.bar{stroke-width:8;stroke-linecap:butt}
        path.dashed{stroke-dasharray:5 4}.fault{fill:var(--fault)}.healing{fill:var(--healing)}
        line.never{stroke:var(--bad);stroke-width:2}.legend .never{--c:var(--bad)}
        .cursor{stroke:var(--ink);stroke-dasharray:2 3}.cursor[hidden]{display:none}
        .s0{--c:var(--s0)}.s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}
        .s4{--c:var(--s4)}.s5{--c:var(--s5)}.s6{--c:var(--s6)}.s7{--c:var(--s7)}
        @media print{body{max-width:none;padding:0;font-size:11px}output{display:none}figure{background:none;padding:0}}
        """
}
