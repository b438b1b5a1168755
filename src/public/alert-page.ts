import { createHash } from 'node:crypto';
import type { Language } from '../domain/report.js';
import { html, type Html, verbatim } from '../html.js';
import type { Direction } from '../media/bidi.js';
import { type AlertLine, type AlertText, readAlertText } from './alert-text.js';

/** A live alert, as it was approved. */
export interface LiveAlert {
  readonly tier: string;
  readonly marker: string;
  readonly approvedAt: number;
  readonly arabic: string;
  readonly english: string;
}

/** Where the page and its picture are, for those who show a preview of a link. */
export interface PageAddress {
  readonly page: string;
  readonly photo: string;
}

const DIRECTION = { ar: 'rtl', en: 'ltr' } as const satisfies Readonly<Record<Language, Direction>>;

/** Both, the reader's first. */
const ORDER: Readonly<Record<Language, readonly Language[]>> = { ar: ['ar', 'en'], en: ['en', 'ar'] };

/** Words that are the page's own; everything about the alert is as it was approved. */
const WORDS = {
  ar: { call: 'اتصل', photo: 'صورة الطفل' },
  en: { call: 'Call', photo: 'Photo of the child' },
} as const;

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #14171d; --quiet: #5a6272; --line: #e3e6eb; --tier: #ffb300; --on-tier: #14171d; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171d; --ink: #f3f4f6; --quiet: #a4acba; --line: #2d333d; } }
.missing { --tier: #0b57ad; --on-tier: #fff; }
* { box-sizing: border-box; margin: 0; }
body { background: var(--ground); color: var(--ink); font: 1.0625rem/1.6 system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding-bottom: 3rem; }
img { display: block; width: 100%; max-height: 75vh; object-fit: contain; background: var(--line); }
.banner { background: #14171d; color: #fff; text-align: center; font-weight: 700; padding: .6rem 1.25rem; }
.banner span { display: block; }
header { background: var(--tier); color: var(--on-tier); padding: 1rem 1.25rem; }
header h1 { font-size: 1.5rem; line-height: 1.3; }
section { padding: 1.5rem 1.25rem 0; }
section + section { margin-top: 1.5rem; border-top: 1px solid var(--line); }
h2 { font-size: 1.25rem; line-height: 1.35; margin-bottom: .75rem; }
dl { margin: 0 0 1rem; }
dl div { display: grid; grid-template-columns: minmax(6rem, 32%) 1fr; gap: .75rem; padding: .3rem 0; }
dt { color: var(--quiet); }
dd { font-weight: 600; overflow-wrap: anywhere; }
p { overflow-wrap: anywhere; }
.call { display: block; margin: 1rem 0 .5rem; padding: .9rem 1rem; border-radius: .75rem; background: #b3261e; color: #fff; font-size: 1.375rem; font-weight: 700; text-align: center; text-decoration: none; }
.call:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
footer { margin: 2rem 1.25rem 0; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
.calm { min-height: 100vh; display: grid; place-content: center; padding: 2rem 1.5rem; text-align: center; gap: 2.5rem; }
.calm h1 { font-size: 1.5rem; margin-bottom: .5rem; }
.calm p { color: var(--quiet); }
`;

const STYLE_ELEMENT = verbatim(`<style>${STYLE}</style>`);

/** The one style that the page's policy allows. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The page of a live alert, in both languages, the reader's first. */
export function alertPage(alert: LiveAlert, address: PageAddress, first: Language): Html {
  const texts = { ar: readAlertText(alert.arabic), en: readAlertText(alert.english) };
  const order = ORDER[first];
  const own = texts[first];
  const description = own.blocks[0]?.map(({ words }) => words).join(' · ') ?? '';
  const banner = texts.ar.banner ?? texts.en.banner;
  return document(
    first,
    html`<title>${own.headline}</title>
      <meta name="description" content="${description}" />
      <meta property="og:type" content="article" />
      <meta
        property="og:title"
        content="${own.banner === undefined ? own.headline : `${own.banner} · ${own.headline}`}"
      />
      <meta property="og:description" content="${description}" />
      <meta property="og:url" content="${address.page}" />
      <meta property="og:image" content="${address.photo}" />
      <meta property="og:image:type" content="image/jpeg" />
      <meta property="og:locale" content="${first === 'ar' ? 'ar_AR' : 'en_GB'}" />
      <meta name="twitter:card" content="summary_large_image" />`,
    html`<main class="${alert.tier === 'amber' ? 'amber' : 'missing'}">
      ${
        banner === undefined
          ? undefined
          : html`<p class="banner">
              ${order.map((language) => html`<span lang="${language}" dir="${DIRECTION[language]}">${texts[language].banner}</span>`)}
            </p>`
      }
      <header>
        ${order.map((language) => html`<h1 lang="${language}" dir="${DIRECTION[language]}">${texts[language].headline}</h1>`)}
      </header>
      <img src="${address.photo}" alt="${WORDS[first].photo}" />
      ${order.map((language) => section(texts[language], language))}
      <footer>${alert.marker} · ${new Date(alert.approvedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC</footer>
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
  const order = ORDER[first];
  return document(
    first,
    html`<title>${words[first][0]}</title>`,
    html`<main class="calm">
      ${order.map(
        (language) =>
          html`<div lang="${language}" dir="${DIRECTION[language]}">
            <h1>${words[language][0]}</h1>
            <p>${words[language][1]}</p>
          </div>`,
      )}
    </main>`,
  );
}

function section({ blocks, request, telephone }: AlertText, language: Language): Html {
  return html`<section lang="${language}" dir="${DIRECTION[language]}">
    ${blocks.map((lines) => html`<dl>${lines.map(row)}</dl>`)}
    <p>${request}</p>
    ${telephone === undefined ? undefined : html`<a class="call" href="tel:${telephone.dialled}">${WORDS[language].call} <bdi dir="ltr">${telephone.written}</bdi></a>`}
  </section>`;
}

function row({ label, words }: AlertLine): Html {
  return html`<div>
    <dt>${label}</dt>
    <dd>${words}</dd>
  </div>`;
}

function document(language: Language, head: Html, body: Html): Html {
  return html`<!doctype html>
    <html lang="${language}" dir="${DIRECTION[language]}">
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
