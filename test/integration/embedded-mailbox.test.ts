import { createHmac } from 'node:crypto';
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { startMailbox, type Mailbox } from '../../src/embedded/mailbox/mailbox.js';

let folder: string;
let file: string;
let mailbox: Mailbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mafqood-test-'));
  file = join(folder, 'mailbox.jsonl');
  mailbox = await startMailbox({ file, smtpPort: 0, httpPort: 0 });
});

afterEach(async () => {
  await mailbox.close();
  await rm(folder, { recursive: true, force: true });
});

const text = async (path = ''): Promise<string> => (await fetch(`${mailbox.url}${path}`)).text();
const messages = async (): Promise<unknown> => (await fetch(`${mailbox.url}/messages`)).json();

async function mail(subject: string, body: string): Promise<void> {
  const transport = createTransport(mailbox.smtpUrl);
  await transport.sendMail({
    from: 'mafqood@mafqood.example',
    to: ['supervisor-1@mafqood.example', 'supervisor-2@mafqood.example'],
    subject,
    text: body,
  });
  transport.close();
}

test('a mail arrives as it was sent, Arabic included', async () => {
  await mail('بلاغ ينتظر الاعتماد', 'الحالة MFQ-7K3D-92XQ تنتظر الاعتماد.\n\nThe case awaits approval.');
  expect(await messages()).toEqual([
    {
      kind: 'mail',
      receivedAt: expect.any(String),
      from: 'mafqood@mafqood.example',
      to: ['supervisor-1@mafqood.example', 'supervisor-2@mafqood.example'],
      subject: 'بلاغ ينتظر الاعتماد',
      text: 'الحالة MFQ-7K3D-92XQ تنتظر الاعتماد.\n\nThe case awaits approval.\n',
      attachments: [],
    },
  ]);
});

test('a webhook notice is shown byte for byte with its signature, so that it can be verified', async () => {
  const body = JSON.stringify({ case: 'MFQ-7K3D-92XQ', text: 'ينتظر' });
  const signature = createHmac('sha256', 'secret').update(body).digest('hex');
  const { status } = await fetch(mailbox.webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'mafqood-signature': `sha256=${signature}` },
    body,
  });
  expect(status).toBe(204);
  expect(await messages()).toEqual([
    { kind: 'webhook', receivedAt: expect.any(String), signature: `sha256=${signature}`, body },
  ]);
  expect(await text()).toContain(signature);
});

test('the page shows the newest first and takes no markup from a message', async () => {
  await mail('first', 'nothing');
  await mail('second', '<script>alert(1)</script> http://127.0.0.1:1/cases?a=1&b=2');
  const page = await text('/');
  expect(page.indexOf('second')).toBeLessThan(page.indexOf('first'));
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain('<a href="http://127.0.0.1:1/cases?a=1&amp;b=2"');
});

test('what was received is there after a restart, half a line from a kill notwithstanding, and only its owner can read the file', async () => {
  await mail('kept', 'body');
  await mailbox.close();
  await appendFile(file, '{"kind":"mail","rece');
  mailbox = await startMailbox({ file, smtpPort: 0, httpPort: 0 });
  await mail('new', 'body');
  await mailbox.close();
  mailbox = await startMailbox({ file, smtpPort: 0, httpPort: 0 });
  expect(await messages()).toEqual([
    expect.objectContaining({ subject: 'kept' }),
    expect.objectContaining({ subject: 'new' }),
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a port that is taken is an error, not a mailbox that nobody reaches', async () => {
  const smtpPort = Number(new URL(mailbox.smtpUrl).port);
  await expect(startMailbox({ file, smtpPort, httpPort: 0 })).rejects.toThrow('EADDRINUSE');
});
