/** Logical sides throughout: the page is read from the right in Arabic. */
export const STYLE = `
:root {
  --soft: light-dark(#e9ecf1, #2a2d33);
  --facebook: light-dark(#1766d6, #5c9bff);
  --instagram: light-dark(#c2306f, #ff7fb0);
  --yes: light-dark(#17753c, #6fd694);
  --no: light-dark(#a8480f, #ffac74);
  --sea: light-dark(#dfe9f3, #1b2531);
  --land: light-dark(#f7f5f0, #2b2f36);
  --reached: light-dark(#b9d6ff, #2f4d78);
  --alert: light-dark(#c25e00, #ffb04d);
  --bezel: light-dark(#16181d, #000000);
}
body { font-size: 15px; }
a { color: inherit; }
.sr { position: absolute; inline-size: 1px; block-size: 1px; opacity: 0; pointer-events: none; }
:focus-visible { outline: 3px solid var(--facebook); outline-offset: 2px; }
.notice {
  padding: .55rem 1rem; text-align: center; font-weight: 600;
  background: #ffc933; color: #2b2000;
}
.away .notice { background: #c23b2e; color: #fff; }

main { display: flex; flex-direction: column; gap: 1.1rem; padding: 1.1rem 1rem 2.5rem; }
.panel { display: contents; }
.panel > header { order: 1; }
.standing { order: 2; }
.places { order: 3; }
.view { order: 4; }
#map { order: 5; }
.panel > fieldset { order: 6; }
.panel > .places { order: 3; }
.show { order: 7; }
.live .show { display: none; }

h1 { font-size: 1.45rem; line-height: 1.25; text-wrap: balance; }
nav { display: flex; gap: .5rem; justify-content: space-between; margin-top: .5rem; font-size: .9rem; }
nav a { text-underline-offset: .2em; text-decoration-color: var(--line); }
nav a:hover { text-decoration-color: currentColor; }

.standing { display: flex; flex-wrap: wrap; align-items: center; gap: .15rem .6rem; }
.standing strong { font-size: 1.15rem; }
.standing small { color: var(--quiet); flex-basis: 100%; }
.chip { padding: .05rem .65rem; border-radius: 1rem; font-size: .82rem; font-weight: 600; border: 1.5px solid; }
.chip.inside { color: var(--yes); }
.chip.outside { color: var(--no); }

.map { display: block; inline-size: 100%; block-size: auto; border-radius: 14px 14px 0 0; background: var(--sea); cursor: crosshair; }
.map path { stroke-linejoin: round; }
.map .land { fill: var(--land); stroke: var(--line); }
.map .reached { fill: var(--reached); stroke: var(--facebook); stroke-width: .8; }
.map .area { fill: color-mix(in srgb, var(--no) 5%, transparent); stroke: var(--no); stroke-width: 1.6; stroke-dasharray: 5 4; }
.map .radius { fill: color-mix(in srgb, var(--alert) 16%, transparent); stroke: var(--alert); stroke-width: 1.4; }
.map .here path { fill: var(--ink); stroke: var(--card); stroke-width: 1.5; }
.map .here circle { fill: var(--card); }
.legend {
  display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: .5rem .8rem; font-size: .8rem; color: var(--quiet);
  background: var(--card); border-radius: 0 0 14px 14px;
}
.legend span { display: flex; align-items: center; gap: .4rem; }
.legend i { inline-size: 1rem; block-size: .7rem; border-radius: 3px; }
.legend i.area { border: 1.6px dashed var(--no); }
.legend i.radius { background: color-mix(in srgb, var(--alert) 16%, transparent); border: 1.4px solid var(--alert); border-radius: 50%; inline-size: .8rem; block-size: .8rem; }
.legend i.reached { background: var(--reached); border: 1px solid var(--facebook); }

fieldset { border: 0; padding: 0; min-inline-size: 0; }
legend { padding: 0 0 .4rem; font-weight: 600; font-size: .9rem; }
.chips > label span {
  display: inline-block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--card);
  cursor: pointer; white-space: nowrap;
}
.chips > label span small { color: var(--quiet); font-variant-numeric: tabular-nums; }
.chips > label input { position: absolute; opacity: 0; inline-size: 1px; block-size: 1px; }
.chips > label input:checked + span { background: var(--ink); border-color: var(--ink); color: var(--card); }
.chips > label input:checked + span small { color: inherit; opacity: .75; }
.chips > label input:focus-visible + span { outline: 3px solid var(--facebook); outline-offset: 2px; }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; position: relative; }
.hint { display: none; margin-block-start: .5rem; color: var(--quiet); font-size: .8rem; }
.live .hint { display: block; }
.places:not(:has([value='other']:checked)) .numbers { display: none; }
.numbers { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .6rem; }
.numbers label { flex: 1 1 6rem; font-size: .78rem; color: var(--quiet); }
.numbers input {
  display: block; inline-size: 100%; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: var(--ink); font: inherit; font-size: .95rem; text-align: start;
}
.numbers small { flex-basis: 100%; color: var(--quiet); font-size: .8rem; }
.show { padding: .6rem 1rem; border: 0; border-radius: 10px; background: var(--ink); color: var(--card); font: inherit; font-weight: 600; }

.verdicts { display: grid; gap: .6rem; }
.verdict {
  padding: .65rem .9rem; border-radius: 12px; background: var(--card); font-size: .9rem;
  border-inline-start: 4px solid var(--line);
}
.verdict strong { display: block; font-size: .78rem; letter-spacing: .01em; color: var(--quiet); }
.verdict.sees { border-color: var(--yes); }
.verdict.misses { border-color: var(--no); }
.verdict.desk { grid-column: 1 / -1; }

.apps { display: flex; gap: .25rem; padding: .25rem; margin: 1rem 0 .9rem; border-radius: 12px; background: var(--soft); }
.apps label { flex: 1; padding: .35rem; border-radius: 9px; text-align: center; font-weight: 600; color: var(--quiet); cursor: pointer; }
#app-facebook:checked ~ .apps label[for='app-facebook'],
#app-instagram:checked ~ .apps label[for='app-instagram'] { background: var(--card); color: var(--ink); box-shadow: 0 1px 3px #0002; }
#app-facebook:focus-visible ~ .apps label[for='app-facebook'],
#app-instagram:focus-visible ~ .apps label[for='app-instagram'] { outline: 3px solid var(--facebook); }
.phones { display: grid; grid-template-columns: minmax(0, 23.5rem); justify-content: center; margin-block-end: 1.5rem; }
#app-facebook:checked ~ .phones .instagram,
#app-instagram:checked ~ .phones .facebook { display: none; }

.phone {
  inline-size: min(100%, 23.5rem); padding: .6rem; border-radius: 3rem; background: var(--bezel);
  box-shadow: 0 0 0 1.5px light-dark(#3c4048, #3c4048), 0 24px 48px -20px #0007;
}
.glass {
  display: flex; flex-direction: column; block-size: 46rem; max-block-size: calc(100vh - 4rem); min-block-size: 34rem; overflow: hidden;
  border-radius: 2.4rem; background: var(--card);
}
.status { display: flex; justify-content: space-between; align-items: center; padding: .75rem 1.8rem .3rem; font-size: .85rem; font-weight: 600; }
.status i { inline-size: 1.5rem; block-size: .7rem; border: 1.5px solid; border-radius: 4px; background: linear-gradient(to right, currentColor 75%, transparent 75%) content-box; padding: 1px; }
.screen { display: flex; flex-direction: column; flex: 1; min-block-size: 0; }
.icon { inline-size: 1.5rem; block-size: 1.5rem; flex: none; }
[dir='rtl'] .icon { transform: scaleX(-1); }
.bar { display: flex; align-items: center; gap: 1rem; padding: .4rem 1rem .6rem; border-block-end: 1px solid var(--line); }
.bar strong { flex: 1; font-size: 1.3rem; letter-spacing: -.01em; }
.facebook .bar strong { color: var(--facebook); }
.instagram .bar strong { color: var(--instagram); }
.feed { flex: 1; overflow-y: auto; scrollbar-width: thin; background: var(--soft); }
.instagram .feed { background: var(--card); }
.tabs { display: flex; justify-content: space-around; padding: .6rem 1rem 1.1rem; border-block-start: 1px solid var(--line); color: var(--quiet); }
.tabs .icon:first-child { color: var(--ink); }

article { margin-block-end: .5rem; background: var(--card); }
article > header { display: flex; align-items: center; gap: .6rem; padding: .7rem .9rem; }
article > header > div { flex: 1; min-inline-size: 0; line-height: 1.3; }
article > header small { display: flex; flex-wrap: wrap; align-items: center; gap: .1rem .3rem; color: var(--quiet); font-size: .8rem; }
article > header small .icon { inline-size: .95rem; block-size: .95rem; }
article > header > .icon { color: var(--quiet); }
article a { text-decoration: none; }
article a:hover { text-decoration: underline; }
.avatar {
  display: grid; place-items: center; flex: none; inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%;
  background: var(--facebook); color: light-dark(#fff, #10131a); font-weight: 700; font-size: 1.15rem; line-height: 1;
}
.instagram .avatar { inline-size: 2rem; block-size: 2rem; font-size: 1rem; background: var(--instagram); }
.text { padding: 0 .9rem .7rem; font-size: .95rem; }
.text p { text-align: start; }
.text p + p { margin-block-start: .3rem; }
.text .words { max-block-size: 9.3rem; overflow: hidden; mask: linear-gradient(#000 70%, transparent); }
.instagram .text .words { max-block-size: 4.7rem; }
.text input:checked + .words { max-block-size: none; mask: none; }
.text label { color: var(--quiet); font-weight: 600; cursor: pointer; }
.text input:checked ~ label { display: none; }
.text input:focus-visible ~ label { outline: 3px solid var(--facebook); }
article img { display: block; inline-size: 100%; block-size: auto; object-fit: cover; background: var(--soft); }
.facebook .actions { display: flex; justify-content: space-around; padding: .45rem .5rem; color: var(--quiet); font-size: .85rem; font-weight: 600; }
.facebook .actions span { display: flex; align-items: center; gap: .35rem; }
.facebook .actions .icon { inline-size: 1.25rem; block-size: 1.25rem; }
.instagram .actions { display: flex; gap: .9rem; padding: .7rem .9rem .5rem; }
.instagram .actions .last { margin-inline-start: auto; display: flex; }
.closed { padding: 0 .9rem .3rem; color: var(--quiet); font-size: .85rem; }
.when { display: block; padding: 0 .9rem .9rem; color: var(--quiet); font-size: .78rem; }

.radius-alert { border-block-end: 3px solid #a33f00; }
.radius-alert > header { background: #a33f00; color: #fff; }
.radius-alert > header strong { font-size: 1.1rem; }
.radius-alert > header small { color: #ffe9d9; }
.radius-alert > header > .icon { color: #fff; }
.radius-alert > img { max-block-size: 20rem; }
.radius-alert .text { padding-block-start: .7rem; }
.radius-alert .text .words { max-block-size: 9.3rem; }
.radius-alert .text input:checked + .words { max-block-size: none; }
.radius-alert .run {
  padding: .3rem .9rem; color: #2b2000; font-weight: 700; font-size: .9rem; text-align: center;
  background: repeating-linear-gradient(-45deg, #ffc933 0 .8rem, #f5b800 .8rem 1.6rem);
}
.radius-alert .why { display: flex; align-items: center; gap: .35rem; padding: 0 .9rem .8rem; color: var(--quiet); font-size: .8rem; }
.radius-alert .why .icon { inline-size: 1rem; block-size: 1rem; }

.nothing { padding: 2.2rem 1.2rem; text-align: center; color: var(--quiet); font-weight: 600; }
.neighbour { padding: .9rem; margin-block-end: .5rem; background: var(--card); }
.neighbour div { display: flex; align-items: center; gap: .6rem; margin-block-end: .8rem; }
.neighbour i { display: block; border-radius: 6px; background: var(--soft); }
.neighbour .round { inline-size: 2.3rem; block-size: 2.3rem; border-radius: 50%; }
.neighbour .name { inline-size: 45%; block-size: .75rem; }
.neighbour .line { block-size: .65rem; margin-block-end: .5rem; }
.neighbour .short { inline-size: 60%; }
.neighbour .box { block-size: 9rem; margin-block-start: .8rem; }

@media (min-width: 62rem) {
  main {
    display: grid; grid-template-columns: 23rem minmax(0, 1fr); gap: 2rem; align-items: start;
    max-inline-size: 82rem; margin: 0 auto; padding: 1.6rem 1.6rem 3rem;
  }
  .panel { display: flex; flex-direction: column; gap: 1.2rem; }
  .panel > .places, .panel > fieldset { order: 6; }
  .panel > .places { order: 5; }
  .verdicts { grid-template-columns: repeat(2, minmax(0, 23.5rem)); justify-content: space-evenly; gap: 1rem; margin-block-end: 1.4rem; }
  .apps { display: none; }
  .phones { grid-template-columns: repeat(2, minmax(0, 23.5rem)); justify-content: space-evenly; gap: 1rem; }
  #app-facebook:checked ~ .phones .instagram,
  #app-instagram:checked ~ .phones .facebook { display: block; }
}
@media (max-width: 61.99rem) {
  .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; margin-inline: -1rem; padding-inline: 1rem; }
}
`;
