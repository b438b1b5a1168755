import { clock } from './clock.js';
import type { EffectsLog } from './effects-log.js';
import { histories, type History, type Step } from './history.js';
import { html, verbatim, type Html } from '../html.js';
import { simulatedPageHead } from '../simulated-page.js';
import { linesOf, paragraphs, picture } from './post-parts.js';
import { REFRESH_SCRIPT } from './refresh-script.js';
import type { Targeting } from './targeting.js';
import { mediaOnFeed, photosOf, postsOnFeed, type Media, type Post, type World } from './world.js';

const HISTORIES_SHOWN = 12;

const STEP_WORDS: Readonly<Record<Step, Html>> = {
  staged: both('جُهّز', 'staged'),
  ready: both('جاهز', 'ready'),
  refused: both('رُفض', 'refused'),
  published: both('نُشر', 'published'),
  edited: both('عُدّل', 'edited'),
  commentsOff: both('أُغلقت التعليقات', 'comments closed'),
  commentsOn: both('فُتحت التعليقات', 'comments opened'),
  deleted: both('حُذف', 'deleted'),
};

/** Both feeds as the public would see them now, and under them what happened to each post. A whole HTML document. */
export function feedsPage(log: EffectsLog): string {
  const { world } = log;
  const document = html`<!doctype html>
    <html lang="en">
      ${simulatedPageHead('Simulated feeds · خلاصات محاكاة', STYLE, 3)}
      <body>
        <header class="notice">
          <p lang="ar" dir="rtl">محاكاة – لا شيء هنا منشور على فيسبوك أو إنستغرام</p>
          <p lang="en">Simulator – nothing here is on Facebook or Instagram</p>
          <p><a href="/phone">${both('على هاتف', 'on a phone')}</a></p>
          <p><a href="/desk">${both('مكتب الشريك', 'partner desk')}</a></p>
        </header>
        <main>
          <div class="feeds">
            <section class="facebook" aria-labelledby="facebook">
              <h2 id="facebook"><span class="mark"></span>${both('فيسبوك', 'Facebook')}</h2>
              ${feed(postsOnFeed(world).map((post) => facebookPost(world, post)))}
            </section>
            <section class="instagram" aria-labelledby="instagram">
              <h2 id="instagram"><span class="mark"></span>${both('إنستغرام', 'Instagram')}</h2>
              ${feed(mediaOnFeed(world).map(instagramPost))}
            </section>
          </div>
          ${happened(log)}
        </main>
        ${verbatim(`<script>${REFRESH_SCRIPT}</script>`)}
      </body>
    </html>`;
  return document.toString();
}

function feed(posts: readonly Html[]): Html {
  if (posts.length > 0) return html`${posts}`;
  return html`<p class="empty">${both('لا توجد منشورات الآن', 'No posts now')}</p>`;
}

function facebookPost(world: World, post: Post): Html {
  const shown = post.published ?? post.created;
  return html`<article id="${post.id}">
    ${author(html`<time datetime="${shown.at}">${clock(shown.at, 'en')}</time> ${reach(post.targeting)}`)}
    <div class="text">${paragraphs(linesOf(post.message))}</div>
    ${photosOf(world, post).map(picture)}
    <footer><bdi>${post.id}</bdi></footer>
  </article>`;
}

function instagramPost(media: Media): Html {
  return html`<article id="${media.id}">
    ${author(html`<time datetime="${media.published.at}">${clock(media.published.at, 'en')}</time> ${reach(undefined)}`)}
    ${picture(media)}
    <div class="text">${paragraphs(linesOf(media.caption))}</div>
    <footer><bdi>${media.id}</bdi></footer>
  </article>`;
}

function author(details: Html): Html {
  return html`<header>
    <span class="avatar" aria-hidden="true">م</span>
    <div>
      <strong>${both('صفحة تجريبية', 'Simulated account')}</strong>
      <small>${details}</small>
    </div>
  </header>`;
}

/** Where the post is really shown, which for an organic post is never a radius. */
function reach(targeting: Targeting | undefined): Html[] {
  const places = targeting?.geo_locations;
  const countries = (places?.countries ?? []).map(
    (code) => html`${both(countryName(code, 'ar'), countryName(code, 'en'))} (${code})`,
  );
  const keyed = [places?.regions, places?.cities, places?.zips].flatMap((list) => list ?? []);
  const shown = [...countries, ...keyed.map(({ key }) => html`${key}`)];
  return (shown.length === 0 ? [both('للجميع', 'everyone')] : shown).map(
    (place) => html`<bdi class="place">${place}</bdi> `,
  );
}

function countryName(code: string, language: string): string {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(code) ?? code;
}

function happened(log: EffectsLog): Html {
  const latest = histories(log.after(0)).slice(0, HISTORIES_SHOWN);
  if (latest.length === 0) return html``;
  return html`<section class="happened" aria-labelledby="happened">
    <h2 id="happened">${both('ما حدث', 'What happened')} <small>${timeZone()}</small></h2>
    <ol>
      ${latest.map(historyLine)}
    </ol>
  </section>`;
}

function historyLine({ channel, id, steps }: History): Html {
  return html`<li class="${channel.toLowerCase()} ${steps.at(-1)?.step}">
    <span><span class="mark"></span>${channel} <bdi class="id">${id}</bdi></span>
    <span class="steps"
      >${steps.map(
        ({ step, at }) =>
          html`<span class="step ${step}">${STEP_WORDS[step]} <time datetime="${at}">${clock(at, 'en')}</time></span>`,
      )}</span
    >
  </li>`;
}

function both(arabic: string, english: string): Html {
  return html`<span lang="ar" dir="rtl">${arabic}</span> · <span lang="en" dir="ltr">${english}</span>`;
}

function timeZone(): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' }).formatToParts(new Date());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

const STYLE = `
:root {
  --facebook: light-dark(#1766d6, #5c9bff);
  --instagram: light-dark(#c2306f, #ff7fb0);
  --desk: light-dark(#9a5b00, #ffc15e);
}
.notice {
  position: sticky; top: 0; z-index: 1;
  display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1.5rem;
  padding: .6rem 1rem;
  background: #ffc933; color: #2b2000;
  font-weight: 600; text-align: center;
}
.notice a { color: inherit; }
.away .notice { background: #c23b2e; color: #fff; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem; }
.feeds { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 46rem) { .feeds { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
h2 { display: flex; align-items: center; gap: .5rem; padding: .25rem .25rem .75rem; font-size: 1.1rem; }
h2 small { color: var(--quiet); font-weight: 400; font-size: .8rem; }
.mark { display: inline-block; flex: none; width: .7em; height: .7em; border-radius: 50%; background: var(--facebook); }
.instagram .mark { border-radius: 30%; background: var(--instagram); }
.desk .mark { border-radius: 0; background: var(--desk); }
.empty {
  padding: 3rem 1rem; border: 2px dashed var(--line); border-radius: 12px;
  color: var(--quiet); text-align: center;
}
article {
  overflow: clip; margin-bottom: 1rem; scroll-margin-top: 5rem;
  border: 1px solid var(--line); border-radius: 12px; background: var(--card);
}
article:target { outline: 3px solid var(--facebook); }
article > header { display: flex; gap: .7rem; align-items: center; padding: .8rem 1rem; }
article > header strong, article > header small { display: block; line-height: 1.4; }
article > header small { color: var(--quiet); font-size: .8rem; }
.place { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; }
.avatar {
  display: grid; place-items: center; flex: none; width: 2.6rem; height: 2.6rem; border-radius: 50%;
  background: var(--facebook); color: light-dark(#fff, #10131a); font-weight: 700; font-size: 1.2rem; line-height: 1;
}
.instagram .avatar {
  background: linear-gradient(45deg, #f5a13c, #d6306f 55%, #7a3bd0); color: #fff;
  box-shadow: 0 0 0 2px var(--card), 0 0 0 4px #d6306f; width: 2.3rem; height: 2.3rem; margin: .15rem;
}
.text { padding: .3rem 1rem .8rem; }
.instagram .text { padding-top: .8rem; }
.text p { text-align: start; }
.text p + p { margin-top: .35rem; }
article img { display: block; width: 100%; height: auto; object-fit: cover; background: var(--ground); }
article > footer {
  padding: .5rem 1rem; border-top: 1px solid var(--line);
  color: var(--quiet); font: .75rem/1.4 ui-monospace, monospace;
}
.happened { margin-top: 1.5rem; }
.happened ol {
  padding: 0; list-style: none;
  border: 1px solid var(--line); border-radius: 12px; background: var(--card); font-size: .85rem;
}
.happened li { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; justify-content: space-between; padding: .6rem 1rem; }
.happened li + li { border-top: 1px solid var(--line); }
.happened .mark { margin-inline-end: .4rem; }
.id { color: var(--quiet); font: .75rem/1.4 ui-monospace, monospace; }
.steps { display: flex; flex-wrap: wrap; gap: .3rem; }
.step { padding: .1rem .6rem; border-radius: 1rem; background: var(--ground); white-space: nowrap; }
.step.published { background: light-dark(#d5f2dd, #173c24); }
.step.deleted, .step.refused { background: light-dark(#fbdcd9, #4b1f1c); }
time { font-variant-numeric: tabular-nums; }
`;
