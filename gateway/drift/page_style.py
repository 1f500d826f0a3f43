"""The page's style: light and dark as the reader's system is, one column that a telephone can show. Colours of topics are Okabe and Ito's, told apart by the colour-blind."""

from __future__ import annotations

STYLE = """\
:root{color-scheme:light dark;--back:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#59636e;--edge:#d6dae0;--bad:#b3261e;--good:#1a7f37;--warn:#8a5a00;
--t0:#d55e00;--t1:#0072b2;--t2:#009e73;--t3:#a8467f;--t4:#8a6d00;--t5:#2b7fb0;--t6:#6b4fa0}
@media (prefers-color-scheme:dark){:root{--back:#101418;--card:#1a2027;--ink:#e6e9ed;--soft:#9aa5b1;--edge:#333c46;--bad:#ff8a80;--good:#5bd67d;--warn:#f0b429;
--t0:#ff9248;--t1:#63b3ed;--t2:#3ddc97;--t3:#f099c8;--t4:#f0e442;--t5:#8fd3ff;--t6:#b9a3ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.25rem;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 .4rem}h2{font-size:1.2rem;margin:2rem 0 .6rem}h3{font-size:1.05rem;margin:0}
.bad{color:var(--bad)}.good{color:var(--good)}.warn{color:var(--warn)}
.facts,.soft,figcaption,footer{color:var(--soft);font-size:.9rem}.facts{margin:.2rem 0}
.card{background:var(--card);border:1px solid var(--edge);border-left:5px solid var(--edge);border-radius:6px;padding:.8rem 1rem;margin:.8rem 0}
.card p{margin:.3rem 0}
.badge{display:inline-block;min-width:1.6em;text-align:center;border-radius:1em;border:2px solid currentColor;font-size:.85rem;font-weight:700;margin-right:.4em}
blockquote{margin:.35rem 0;padding:.1rem .7rem;border-left:3px solid var(--edge);white-space:pre-wrap;max-height:12rem;overflow:auto}
table{overflow-wrap:break-word;border-collapse:collapse;width:100%;font-size:.93rem}th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid var(--edge);vertical-align:top}th{color:var(--soft);font-weight:600}
td.n{white-space:nowrap;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table.bars{margin:.4rem 0}table.bars th{width:5.5rem;font-weight:400}table.bars td,table.bars th{border:0;padding:.15rem .4rem .15rem 0;vertical-align:middle}table.bars td.n{width:10rem}
svg{max-width:100%}svg.bar{display:block;width:100%;height:18px}.bar .rail{fill:var(--edge);opacity:.45}.bar .share{fill:currentColor}.bar .base{fill:var(--soft)}.bar .range{stroke:var(--ink);stroke-width:1.5;fill:none}
figure{margin:0}svg.map,svg.trend{width:100%;height:auto;display:block;background:var(--card);border:1px solid var(--edge);border-radius:6px}
.map text{font:600 14px system-ui,sans-serif;fill:currentColor;paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
.trend text{font:12px system-ui,sans-serif;fill:var(--soft)}.trend .grid{stroke:var(--edge);fill:none}.line{stroke:var(--t1);stroke-width:2;fill:none;stroke-linejoin:round}
.trend .quiet{stroke:var(--t1);stroke-width:7;stroke-linecap:round}.trend .alarm{fill:var(--bad)}
.dot{fill:none;stroke:var(--soft);opacity:.75}.dot.window{stroke-width:5;stroke-linecap:round}.dot.baseline{stroke-width:1}.dot.t0,.dot.t1,.dot.t2,.dot.t3,.dot.t4,.dot.t5,.dot.t6{stroke:currentColor;opacity:1}
.map .dot.window:not([class*=" t"]){opacity:.45}
.outline{fill:currentColor;stroke:currentColor;stroke-width:18;stroke-linejoin:round;opacity:.16}
.key{width:14px;height:14px;vertical-align:middle}.keys{white-space:nowrap;margin-right:.6rem}
.spark{color:var(--soft);font-size:.9rem}.spark svg{width:120px;height:24px;vertical-align:middle}
.t0{color:var(--t0)}.t1{color:var(--t1)}.t2{color:var(--t2)}.t3{color:var(--t3)}.t4{color:var(--t4)}.t5{color:var(--t5)}.t6{color:var(--t6)}
.card.t0,.card.t1,.card.t2,.card.t3,.card.t4,.card.t5,.card.t6{border-left-color:currentColor}.card p,.card blockquote,.card h3 .said,.card td.n{color:var(--ink)}
summary{cursor:pointer;color:var(--soft);font-size:.9rem;margin:.4rem 0}
@media print{body{max-width:none}.card,figure{break-inside:avoid}}
@media (max-width:34rem){body{padding:.8rem}table.bars td.n{width:7.2rem;white-space:normal}table.bars th{width:4.4rem}.map text{font-size:30px}.map .words{display:none}.dot.window{stroke-width:8}.dot.baseline{stroke-width:2}.trend text{font-size:18px}.scroll table{min-width:26rem}}
"""
