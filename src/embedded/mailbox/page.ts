import { html, type Html } from '../../html.js';
import { simulatedPageHead } from '../../simulated-page.js';
import type { MailAttachment, Message } from './message.js';

/** What staff would have received, newest first. A whole HTML document. */
export function mailboxPage(messages: readonly Message[]): string {
  return html`<!doctype html>
    <html lang="en">
      ${simulatedPageHead('Mailbox · صندوق البريد', STYLE)}
      <body>
        <header>
          <h1>Mailbox · <span lang="ar" dir="rtl">صندوق البريد</span></h1>
          <p>The notices sent to staff. They went nowhere else.</p>
        </header>
        <main>
          ${messages.length === 0 ? html`<p class="empty">Nothing yet</p>` : messages.toReversed().map(article)}
        </main>
      </body>
    </html>`.toString();
}

function article(message: Message): Html {
  const at = html`<time datetime="${message.receivedAt}">${clock(message.receivedAt)}</time>`;
  if (message.kind === 'mail') {
    return html`<article>
      <h2 dir="auto">${message.subject}</h2>
      <p class="about"><bdi>${message.from}</bdi> → ${message.to.map((to) => html`<bdi>${to}</bdi> `)} · ${at}</p>
      ${paragraphs(message.text)} ${attachments(message.attachments)}
    </article>`;
  }
  return html`<article>
    <h2>Webhook</h2>
    <p class="about">
      ${at} · ${message.signature === undefined ? 'not signed' : html`<code>${message.signature}</code>`}
    </p>
    <pre dir="auto">${indented(message.body)}</pre>
  </article>`;
}

function attachments(files: readonly MailAttachment[]): Html {
  if (files.length === 0) return html``;
  const items = files.map(({ name, bytes }) => html`<li><bdi>${name}</bdi> · ${Math.ceil(bytes / 1024)} KB</li>`);
  return html`<ul class="attached" aria-label="Attachments">
    ${items}
  </ul>`;
}

/** Each paragraph reads in its own direction. */
function paragraphs(text: string): Html[] {
  return text
    .trim()
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => html`<p class="text" dir="auto">${linked(paragraph)}</p>`);
}

/** The text with its http addresses as links. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}" dir="ltr">${part}</a>` : html`${part}`));
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function clock(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

const STYLE = `
body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
body > header { padding: .5rem .25rem 1rem; }
h1 { font-size: 1.3rem; }
h2 { font-size: 1.05rem; text-align: start; }
body > header p, .about { color: var(--quiet); font-size: .85rem; }
article { margin-bottom: 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
article > * + * { margin-top: .5rem; }
.text, pre { white-space: pre-wrap; text-align: start; }
ul { padding: 0; list-style: none; color: var(--quiet); font-size: .85rem; }
.empty { padding: 3rem 1rem; border: 2px dashed var(--line); border-radius: 12px; color: var(--quiet); text-align: center; }
a { color: inherit; }
time { font-variant-numeric: tabular-nums; }
`;
