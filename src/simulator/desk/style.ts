/** Logical sides throughout: the page is read from the right in Arabic. */
export const STYLE = `
:root {
  --publish: light-dark(#1766d6, #5c9bff);
  --remove: light-dark(#b3261e, #ff8a80);
  --yes: light-dark(#17753c, #6fd694);
  --on: light-dark(#ffffff, #10131a);
}
a { color: inherit; text-underline-offset: .2em; text-decoration-color: var(--line); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 3px solid var(--publish); outline-offset: 2px; }
.notice { padding: .6rem 1rem; background: #ffc933; color: #2b2000; font-weight: 600; text-align: center; }
.away .notice { background: #c23b2e; color: #fff; }
main { display: grid; gap: 1.25rem; max-inline-size: 62rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
.top { display: flex; flex-wrap: wrap; gap: .75rem 2rem; align-items: end; justify-content: space-between; }
.top p { color: var(--quiet); max-inline-size: 36rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .9rem; }
.empty { padding: 4rem 1rem; border: 2px dashed var(--line); border-radius: 12px; color: var(--quiet); text-align: center; }
article { overflow: clip; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
article > header { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .8rem 1rem; }
h2 { flex: 1; font-size: 1.1rem; line-height: 1.4; white-space: nowrap; }
.revision { color: var(--quiet); font-weight: 400; }
.chip { padding: .1rem .7rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .85rem; white-space: nowrap; }
.chip.shown { border-color: var(--yes); color: var(--yes); font-weight: 600; }
.chip.hidden { color: var(--quiet); }
.run {
  padding: .35rem 1rem; color: #2b2000; font-weight: 700; text-align: center;
  background: repeating-linear-gradient(-45deg, #ffc933 0 1rem, #f5b800 1rem 2rem);
}
.asked { padding: 0; list-style: none; border-block-start: 1px solid var(--line); }
.asked li {
  --tone: var(--publish);
  display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; justify-content: space-between;
  padding: .7rem 1rem; border-inline-start: 4px solid var(--line);
}
.asked li + li { border-block-start: 1px solid var(--line); }
.asked li.remove { --tone: var(--remove); }
.asked li.waiting, .asked li.unconfirmed {
  border-inline-start-color: var(--tone); background: color-mix(in srgb, var(--tone) 7%, transparent);
}
.asked strong { display: block; }
.asked .waiting strong, .asked .unconfirmed strong { font-size: 1.1rem; }
.asked .done strong, .asked .overtaken strong { font-weight: 500; }
.asked .overtaken strong { text-decoration: line-through; color: var(--quiet); }
.asked small { display: flex; flex-wrap: wrap; gap: 0 .9rem; color: var(--quiet); font-size: .85rem; }
.asked .state { font-weight: 600; color: var(--tone); }
.asked .done .state { color: var(--yes); }
.asked .overtaken .state { color: var(--quiet); }
.problem { color: var(--remove); font-weight: 600; }
button {
  min-block-size: 2.75rem; padding: .5rem 1.25rem; border: 0; border-radius: .75rem;
  background: var(--tone); color: var(--on); font: inherit; font-weight: 700; cursor: pointer;
}
button:hover { filter: brightness(1.08); }
.package {
  display: grid; gap: 1rem 1.5rem; padding: 1rem; border-block-start: 1px solid var(--line);
  grid-template-columns: minmax(0, 1fr);
}
.photo { inline-size: 100%; max-block-size: 24rem; object-fit: contain; border-radius: 10px; background: var(--ground); }
.words { display: grid; gap: 1rem 1.5rem; align-content: start; }
h3 { color: var(--quiet); font-size: .8rem; font-weight: 600; padding-block-end: .2rem; text-align: start; }
.words p { text-align: start; }
.words p + p { margin-block-start: .35rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-self: start; }
dt { color: var(--quiet); font-size: .8rem; font-weight: 600; }
dd { font-variant-numeric: tabular-nums; }
dd strong { font-size: 1.25rem; line-height: 1.3; }
.digest { font: .8rem/1.5 ui-monospace, monospace; }
.files { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; list-style: none; }
.files a { display: grid; gap: .2rem; justify-items: center; text-decoration: none; color: var(--quiet); }
.files img, .sheet {
  display: grid; place-items: center; block-size: 7rem; min-inline-size: 5rem;
  border: 1px solid var(--line); border-radius: 8px; background: var(--ground); font-weight: 700;
}
.files img { inline-size: auto; }
.ended { padding: .8rem 1rem; border-block-start: 1px solid var(--line); color: var(--quiet); font-size: .9rem; }
time { font-variant-numeric: tabular-nums; }
@media (min-width: 46rem) {
  .package { grid-template: auto 1fr auto / 15rem minmax(0, 1fr); }
  .package > .words { grid-area: 1 / 2 / 3; }
  .package > dl { grid-area: 2 / 1 / 4; }
  .package > .files { grid-area: 3 / 2; }
  .words { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  dl { flex-direction: column; }
}
`;
