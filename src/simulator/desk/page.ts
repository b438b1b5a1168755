import { html, type Html, verbatim } from '../../html.js';
import { simulatedPageHead } from '../../simulated-page.js';
import { clock } from '../clock.js';
import { linesOf, paragraphs } from '../post-parts.js';
import { REFRESH_SCRIPT } from '../refresh-script.js';
import { canDo, type Desk, type DeskAlert, type DeskRequest, isOver, stateOf } from './desk.js';
import type { Package } from './effects.js';
import { STYLE } from './style.js';
import { type Language, WORDS } from './words.js';

/** All that the desk was handed, what was touched last first, with a button for each thing that somebody has to do. A whole HTML document. */
export function deskPage({ alerts }: Desk, language: Language): string {
  const words = WORDS[language];
  const other = language === 'ar' ? 'en' : 'ar';
  const newestFirst = [...alerts.values()].sort((a, b) => b.touched - a.touched);
  const document = html`<!doctype html>
    <html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
      ${simulatedPageHead(words.title, STYLE, 5)}
      <body>
        <p class="notice">${words.notice}</p>
        <main>
          <header class="top">
            <div>
              <h1>${words.title}</h1>
              <p>${words.intro}</p>
            </div>
            <nav>
              <a href="/">${words.bothFeeds}</a>
              <a href="/phone?lang=${language}">${words.onAPhone}</a>
              <a href="/desk?lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>
            </nav>
          </header>
          ${newestFirst.map((alert) => alertCard(alert, language))}
          ${newestFirst.length === 0 ? html`<p class="empty">${words.nothing}</p>` : undefined}
        </main>
        ${verbatim(`<script>${REFRESH_SCRIPT}</script>`)}
      </body>
    </html>`;
  return document.toString();
}

function alertCard(alert: DeskAlert, language: Language): Html {
  const words = WORDS[language];
  const { shown, requests, runKind } = alert;
  const over = isOver(alert);
  return html`<article class="${over ? 'over' : 'open'}">
    <header>
      <h2>
        <bdi class="number">${alert.caseNumber}</bdi>
        <bdi class="revision">r${alert.revision}</bdi>
      </h2>
      ${alert.package && !over ? html`<span class="chip">${words.tier(alert.package.tier)}</span>` : undefined}
      <span class="chip ${shown ? 'shown' : 'hidden'}"
        >${shown ? words.shown(String(shown.radiusKm)) : words.notShown}</span
      >
    </header>
    ${runKind === 'actual' ? undefined : html`<p class="run">${words[runKind]}</p>`}
    <ol class="asked">
      ${[...requests].reverse().map((request) => askedLine(alert, request, language))}
    </ol>
    ${over ? html`<p class="ended">${words.over}</p>` : alert.package && contents(alert, alert.package, language)}
  </article>`;
}

function askedLine(alert: DeskAlert, request: DeskRequest, language: Language): Html {
  const words = WORDS[language];
  const { id, kind, radiusKm, receivedAt, repeats, confirmation } = request;
  const state = stateOf(alert, request);
  return html`<li class="${kind} ${state}">
    <div>
      <strong>${words.asked(kind, String(radiusKm ?? ''))}</strong>
      <small>
        <span class="state">${words.state[state]}</span>
        <span>${words.received} ${time(receivedAt, language)}</span>
        ${repeats > 0 ? html`<span>${words.receivedAgain(repeats)}</span>` : undefined}
        ${
          confirmation &&
          (confirmation.status === 200
            ? html`<span>${words.confirmed} ${time(confirmation.at, language)}</span>`
            : html`<span class="problem">${words.answered(confirmation.status)}</span>`)
        }
      </small>
    </div>
    ${
      canDo(alert, request)
        ? html`<form method="post" action="/desk/done">
            <input type="hidden" name="id" value="${id}" />
            <input type="hidden" name="lang" value="${language}" />
            <button>${state === 'unconfirmed' ? words.again : words.button[kind]}</button>
          </form>`
        : state === 'waiting'
          ? html`<small>${words.needsPublishing}</small>`
          : undefined
    }
  </li>`;
}

function contents(alert: DeskAlert, handed: Package, language: Language): Html {
  const words = WORDS[language];
  const { texts, altText, files, centre, countries } = handed;
  const [photo] = files;
  const asked = alert.requests.findLast(({ radiusKm }) => radiusKm !== null)?.radiusKm ?? 0;
  return html`<div class="package">
    ${photo && html`<img class="photo" src="/desk/files/${photo.sha256}" alt="${altText}" />`}
    <div class="words">
      <section lang="ar" dir="rtl">
        <h3>${words.arabic}</h3>
        ${paragraphs(linesOf(texts.ar))}
      </section>
      <section lang="en" dir="ltr">
        <h3>${words.english}</h3>
        ${paragraphs(linesOf(texts.en))}
      </section>
    </div>
    <dl>
      ${fact(words.radius, html`<strong>${words.km(String(asked))}</strong>`)}
      ${fact(words.centre, html`<bdi dir="ltr">${centre.latitude}, ${centre.longitude}</bdi>`)}
      ${fact(words.countries, html`${countries.map((code) => countryName(code, language)).join(language === 'ar' ? '، ' : ', ')}`)}
      ${fact(words.digest, html`<bdi class="digest" dir="ltr" title="${alert.digest}">${alert.digest.slice(0, 16)}…</bdi>`)}
    </dl>
    <ul class="files">
      ${files.slice(1).map(
        ({ name, mediaType, sha256 }) =>
          html`<li>
            <a href="/desk/files/${sha256}">
              ${
                mediaType.startsWith('image/')
                  ? html`<img src="/desk/files/${sha256}" alt="" />`
                  : html`<span class="sheet">${words.sheet}</span>`
              }
              <small lang="en" dir="ltr">${name}</small>
            </a>
          </li>`,
      )}
    </ul>
  </div>`;
}

function fact(name: string, value: Html): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function time(at: string, language: Language): Html {
  return html`<time datetime="${at}">${clock(at, language)}</time>`;
}

function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(code) ?? code;
}
