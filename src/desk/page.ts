import { createHash } from 'node:crypto';
import type { Language } from '../domain/report.js';
import { html, type Html, verbatim } from '../html.js';
import { inLanguage, inOrder } from '../languages-on-page.js';
import type { Confirmation } from './confirmation.js';

/** What the page has to say. */
export type DeskAnswer =
  /** Asks whether it is done. */
  | 'ask'
  /** The same, after a form without a name. */
  | 'nameless'
  | 'thanks'
  | 'already'
  /** Another revision is wanted now, or none. */
  | 'outdated'
  /** What is to be confirmed as removed is still wanted. */
  | 'wanted'
  | 'expired'
  | 'invalid'
  | 'later';

const STATUS: Readonly<Record<DeskAnswer, number>> = {
  ask: 200,
  nameless: 400,
  thanks: 200,
  already: 200,
  outdated: 409,
  wanted: 409,
  expired: 410,
  invalid: 404,
  later: 503,
};

type Done = Confirmation['done'];
type Words = readonly [title: string, text: string];

const ASKED: Readonly<Record<Language, Readonly<Record<Done, Words>>>> = {
  en: {
    published: ['Is the alert published?', 'Please confirm only once the public can see it.'],
    removed: [
      'Is the alert gone?',
      'Please confirm only once nobody can see it any more, or if it never was published.',
    ],
  },
  ar: {
    published: ['هل نُشر التنبيه؟', 'أكّد فقط بعد أن يصبح ظاهرًا للجمهور.'],
    removed: ['هل أُزيل التنبيه؟', 'أكّد فقط بعد ألّا يراه أحد، أو إن لم يُنشر قط.'],
  },
};

const SAID: Readonly<Record<Language, Readonly<Record<Exclude<DeskAnswer, 'ask' | 'nameless'>, Words>>>> = {
  en: {
    thanks: ['Thank you', 'It is recorded, and everybody who has to know sees it.'],
    already: ['Recorded already', 'There is nothing more to do.'],
    outdated: [
      'No longer wanted',
      'This version has been replaced or the alert is over. If it is published, please take it down and follow the newest message.',
    ],
    wanted: ['Still wanted', 'This version is the one to show. Please do not take it down.'],
    expired: ['This link has expired', 'Please call the authority that issued the alert.'],
    invalid: ['This link is not valid', 'Please open it from the message exactly as it stands there.'],
    later: ['Please try again in a minute', 'It could not be recorded just now.'],
  },
  ar: {
    thanks: ['شكرًا لك', 'سُجّل التأكيد، ويراه كل من يعنيه الأمر.'],
    already: ['سُجّل من قبل', 'لا حاجة إلى فعل شيء آخر.'],
    outdated: [
      'لم يعد مطلوبًا',
      'استُبدلت هذه النسخة أو انتهى التنبيه. إن كانت منشورة فأزلها من فضلك، واتبع أحدث رسالة.',
    ],
    wanted: ['ما زال مطلوبًا', 'هذه هي النسخة التي يجب عرضها. لا تُزلها من فضلك.'],
    expired: ['انتهت صلاحية هذا الرابط', 'اتصل من فضلك بالجهة التي أصدرت التنبيه.'],
    invalid: ['هذا الرابط غير صالح', 'افتحه من الرسالة كما ورد فيها تمامًا.'],
    later: ['حاول مرة أخرى بعد دقيقة', 'تعذّر التسجيل الآن.'],
  },
};

const FORM: Readonly<Record<Language, Readonly<Record<'name' | 'link' | 'missing' | Done, string>>>> = {
  en: {
    name: 'Your name',
    link: 'Link or id of the alert, if there is one',
    missing: 'Please write your name.',
    published: 'Yes, it is published',
    removed: 'Yes, it is gone',
  },
  ar: {
    name: 'اسمك',
    link: 'رابط التنبيه أو رقمه إن وُجد',
    missing: 'اكتب اسمك من فضلك.',
    published: 'نعم، نُشر',
    removed: 'نعم، أُزيل',
  },
};

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #14171d; --quiet: #5b6270; --line: #8b93a1; --act: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171d; --ink: #f3f4f6; --quiet: #a4acba; } }
* { box-sizing: border-box; margin: 0; }
body { background: var(--ground); color: var(--ink); font: 1.0625rem/1.6 system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif; overflow-wrap: anywhere; }
main { max-width: 34rem; margin: 0 auto; padding: 2rem 1.25rem; display: grid; gap: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
.about { color: var(--quiet); font-variant-numeric: tabular-nums; }
form { display: grid; gap: 1rem; }
label { display: grid; gap: .25rem; font-weight: 600; }
label span { display: flex; justify-content: space-between; gap: 1rem; }
input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .5rem; padding: .625rem .75rem; width: 100%; }
button { font: inherit; font-weight: 700; color: #fff; background: var(--act); border: 0; border-radius: .75rem; padding: .75rem 1rem; min-height: 3rem; }
button span, .problem span { display: block; }
.problem { color: var(--act); font-weight: 600; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
`;

const STYLE_ELEMENT = verbatim(`<style>${STYLE}</style>`);

/** What the content security policy has to allow. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/**
 * What a person at the partner desk sees who opens a link, in both languages. Nothing on it says who the child is.
 * @param about undefined where the link does not say
 */
export function deskPage(
  answer: DeskAnswer,
  about: Confirmation | undefined,
  first: Language,
): { readonly status: number; readonly page: Html } {
  const order = inOrder(first);
  const asks = answer === 'ask' || answer === 'nameless';
  const wordsIn = (language: Language): Words =>
    asks ? ASKED[language][about?.done ?? 'published'] : SAID[language][answer];
  const page = html`<!doctype html>
    <html ${inLanguage(first)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${wordsIn(first)[0]}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          ${order.map((language) => said(wordsIn(language), language))}
          ${about && html`<p class="about" dir="ltr">${about.caseNumber} · r${about.revision}</p>`}
          ${asks && about ? form(about, order, answer === 'nameless') : undefined}
        </main>
      </body>
    </html>`;
  return { status: STATUS[answer], page };
}

function said([title, text]: Words, language: Language): Html {
  return html`<section ${inLanguage(language)}>
    <h1>${title}</h1>
    <p>${text}</p>
  </section>`;
}

function form({ done }: Confirmation, order: readonly Language[], isNameless: boolean): Html {
  const both = (key: 'name' | 'link' | 'missing' | Done): Html[] =>
    order.map((language) => html`<span ${inLanguage(language)}>${FORM[language][key]}</span>`);
  return html`<form method="post">
    ${isNameless ? html`<p class="problem" role="alert">${both('missing')}</p>` : undefined}
    <label>${both('name')}<input name="name" required maxlength="100" autocomplete="name" dir="auto" /></label>
    ${done === 'published' ? html`<label>${both('link')}<input name="link" maxlength="300" dir="ltr" /></label>` : undefined}
    <button>${both(done)}</button>
  </form>`;
}
