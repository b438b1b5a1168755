import { createHash } from 'node:crypto';
import type { Language } from '../domain/report.js';
import type { Instant } from '../domain/time.js';
import { html, type Html, verbatim } from '../html.js';
import { inLanguage, inOrder } from '../languages-on-page.js';
import { COLOURS, GREY, INK, PAPER, RULE, WIDTH } from '../media/card/style.js';
import { TEMPLATES } from '../media/templates/templates.js';
import { type AlertLine, type AlertText, readAlertText } from './alert-text.js';
import type { ApprovedAlert } from './approved-alert.js';

/** Where the page and its pictures are, for those who show a preview of a link. */
export interface PageAddress {
  readonly page: string;
  readonly photo: string;
  /** The square card. */
  readonly card: string;
}

/** Words that are the page's own; everything about the alert is as it was approved. */
const WORDS = {
  ar: { itself: 'العربية', photo: 'صورة الطفل', card: 'بطاقة التنبيه', updated: 'آخر تحديث', clock: 'بتوقيت غرينتش' },
  en: {
    itself: 'English',
    photo: 'Photo of the child',
    card: 'Card of the alert',
    updated: 'Last updated',
    clock: 'GMT',
  },
} as const;

/** As Open Graph names them. */
const LOCALE = { ar: 'ar_AR', en: 'en_GB' } as const;

// One column on a phone, where the call stays within reach of the thumb; where there is room, both languages with the photo between them.
const STYLE = `
:root { color-scheme: light dark; --ground: ${PAPER}; --ink: ${INK}; --quiet: ${GREY}; --line: ${RULE}; --call: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: ${INK}; --ink: #f3f4f6; --quiet: #a4acba; --line: #2d333d; } }
.amber { --tier: ${COLOURS.amber.fill}; --on-tier: ${COLOURS.amber.onFill}; }
.missing { --tier: ${COLOURS.missing.fill}; --on-tier: ${COLOURS.missing.onFill}; }
* { box-sizing: border-box; margin: 0; }
html { -webkit-text-size-adjust: 100%; }
body { background: var(--ground); color: var(--ink); font: 1.0625rem/1.6 system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif; overflow-wrap: anywhere; }
.banner { position: sticky; top: 0; z-index: 2; background: ${INK}; color: ${PAPER}; border-bottom: 2px solid ${PAPER}; text-align: center; font-weight: 700; line-height: 1.4; padding: .5rem 1.25rem; }
.banner span { display: block; }
header { background: var(--tier); color: var(--on-tier); padding: .75rem 1.25rem; display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
h1, h2 { font-size: 1.3125rem; line-height: 1.35; }
header a { color: inherit; font-weight: 600; white-space: nowrap; padding: .25rem 0; }
article { scroll-margin-top: 4.5rem; padding-bottom: 1.5rem; }
img { display: block; width: 100%; max-height: 70vh; object-fit: contain; background: var(--line); }
.facts { padding: 1rem 1.25rem 0; }
dl { padding-bottom: .75rem; margin-bottom: .75rem; border-bottom: 1px solid var(--line); }
dl div { display: grid; grid-template-columns: minmax(5.5rem, 30%) 1fr; gap: .75rem; padding: .25rem 0; }
dt { color: var(--quiet); }
dd { font-weight: 600; }
dl:first-child div:first-child { display: block; padding-bottom: .5rem; }
dl:first-child div:first-child dd { font-size: 1.75rem; font-weight: 700; line-height: 1.3; }
.call { position: sticky; bottom: .75rem; display: block; margin: 1rem 1.25rem 0; padding: .75rem 1rem; border-radius: .875rem; background: var(--call); color: #fff; font-size: 1.3125rem; line-height: 1.4; font-weight: 700; text-align: center; text-decoration: none; box-shadow: 0 .25rem 1.25rem rgb(0 0 0 / .35); }
.call bdi { white-space: nowrap; }
a:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
footer { padding: 0 1.25rem 1.5rem; color: var(--quiet); font-size: .875rem; }
@media (min-width: 64rem) {
  main { max-width: 78rem; margin: 0 auto; padding: 2rem 1.5rem; display: grid; grid-template: 'head photo head2' auto 'facts photo facts2' auto 'facts call facts2' auto 'facts call2 facts2' auto 'facts . facts2' 1fr 'foot foot foot' auto / 1fr 1.1fr 1fr; column-gap: 1.5rem; }
  article { display: contents; }
  header { grid-area: head; border-radius: .875rem; padding: 1rem 1.25rem; }
  header a { display: none; }
  img { grid-area: photo; align-self: start; max-height: none; border-radius: .875rem; }
  .facts { grid-area: facts; }
  .call { grid-area: call; position: static; margin: 1rem 0 0; box-shadow: none; }
  article + article header { grid-area: head2; }
  article + article .facts { grid-area: facts2; }
  article + article .call { grid-area: call2; }
  footer { grid-area: foot; padding: 2rem 1.25rem 0; text-align: center; }
}
.calm { max-width: none; min-height: 100vh; display: grid; grid-template: none; place-content: center; padding: 2rem 1.5rem; text-align: center; gap: 2.5rem; }
.calm h1 { font-size: 1.5rem; margin-bottom: .5rem; }
.calm p { color: var(--quiet); max-width: 30rem; }
`;

const STYLE_ELEMENT = verbatim(`<style>${STYLE}</style>`);

/** The one style that the page's policy allows. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The page of a live alert, in both languages, the reader's first. */
export function alertPage(alert: ApprovedAlert, address: PageAddress, first: Language): Html {
  const texts = { ar: readAlertText(alert.arabic), en: readAlertText(alert.english) };
  const order = inOrder(first);
  const [, second] = order;
  const own = texts[first];
  const title = own.banner === undefined ? own.headline : `${own.banner} · ${own.headline}`;
  const [who = [], where = []] = own.blocks;
  // Who is sought, how old, where last seen: previews show little more than that.
  const description = [...who.slice(0, 2), ...where.slice(0, 1)].map(({ words }) => words).join(' · ');
  // By its path, because the policy allows pictures from where the page came, which need not be where the public finds it.
  const photo = html`<img src="${new URL(address.photo).pathname}" alt="${WORDS[first].photo}" />`;
  return document(
    first,
    html`<title>${title}</title>
      <meta name="description" content="${description}" />
      <meta property="og:type" content="article" />
      <meta property="og:title" content="${title}" />
      <meta property="og:description" content="${description}" />
      <meta property="og:url" content="${address.page}" />
      <meta property="og:image" content="${address.card}" />
      <meta property="og:image:type" content="image/jpeg" />
      <meta property="og:image:width" content="${WIDTH}" />
      <meta property="og:image:height" content="${WIDTH}" />
      <meta property="og:image:alt" content="${`${WORDS[first].card}: ${title} · ${description}`}" />
      <meta property="og:locale" content="${LOCALE[first]}" />
      <meta property="og:locale:alternate" content="${LOCALE[second]}" />
      <meta name="twitter:card" content="summary" />`,
    html`${own.banner === undefined ? undefined : html`<p class="banner">${order.map((language) => html`<span ${inLanguage(language)}>${texts[language].banner}</span>`)}</p>`}
      <main class="${alert.tier}">
        ${article(texts[first], first, second, html`<h1>${own.headline}</h1>`, photo)}
        ${article(texts[second], second, first, html`<h2>${texts[second].headline}</h2>`)}
        <footer>
          ${order.map((language) => html`<p ${inLanguage(language)}>${updated(alert.approvedAt, language)}</p>`)}
          <p><bdi dir="ltr">${alert.marker}</bdi></p>
        </footer>
      </main>`,
  );
}

/** What is left when the alert is over: thanks, and no trace of whom it was about. */
export function overPage(first: Language): Html {
  const words = {
    ar: ['انتهى هذا التنبيه', 'شكرًا لكل من ساعد. لم يعد هذا التنبيه ساريًا، فلا تنشره بعد الآن.'],
    en: [
      'This alert is over',
      'Thank you to everybody who helped. It no longer applies: please do not share it any more.',
    ],
  } as const;
  return document(
    first,
    html`<title>${words[first][0]}</title>`,
    html`<main class="calm">
      ${inOrder(first).map(
        (language) =>
          html`<div ${inLanguage(language)}>
            <h1>${words[language][0]}</h1>
            <p>${words[language][1]}</p>
          </div>`,
      )}
    </main>`,
  );
}

function article(text: AlertText, language: Language, other: Language, title: Html, photo?: Html): Html {
  const { blocks, request, telephone } = text;
  const call =
    telephone &&
    html`<a class="call" href="tel:${telephone.dialled}"
      >${TEMPLATES[language].call} <bdi dir="ltr">${telephone.written}</bdi></a
    >`;
  return html`<article id="${language}" ${inLanguage(language)}>
    <header>${title}<a href="#${other}" hreflang="${other}" ${inLanguage(other)}>${WORDS[other].itself}</a></header>
    ${photo}
    <div class="facts">
      ${blocks.map((lines) => html`<dl>${lines.map(row)}</dl>`)}
      <p>${request}</p>
    </div>
    ${call}
  </article>`;
}

function row({ label, words }: AlertLine): Html {
  return html`<div>
    <dt>${label}</dt>
    <dd>${words}</dd>
  </div>`;
}

function updated(at: Instant, language: Language): Html {
  const { updated: label, clock } = WORDS[language];
  return html`${label}:
    <time datetime="${new Date(at).toISOString()}">${TEMPLATES[language].time(at, 'UTC')}</time> ${clock}`;
}

function document(language: Language, head: Html, body: Html): Html {
  return html`<!doctype html>
    <html ${inLanguage(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${head} ${STYLE_ELEMENT}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}
