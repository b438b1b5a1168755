import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import express, { type Express } from 'express';
import helmet from 'helmet';
import PostalMime, { type Attachment } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { MailAttachment } from './message.js';
import { MessageFile } from './message-file.js';
import { mailboxPage } from './page.js';

const HOST = '127.0.0.1';
/** As much as a package for the partner desk can have, with all its files. */
const MESSAGE_LIMIT_BYTES = 40 * 1024 * 1024;

export interface MailboxOptions {
  /** Where what is received is kept. */
  file: string;
  /** 0 takes a free one. */
  smtpPort: number;
  /** 0 takes a free one. */
  httpPort: number;
}

export interface Mailbox {
  smtpUrl: string;
  /** The page; `/messages` below it gives the same as JSON, newest last. */
  url: string;
  /** Where signed webhook notices can be sent. */
  webhookUrl: string;
  close(): Promise<void>;
}

/** Receives whatever is mailed or posted to it, forwards nothing, and shows it on a page. Serves 127.0.0.1 only. */
export async function startMailbox({ file, smtpPort, httpPort }: MailboxOptions): Promise<Mailbox> {
  const messages = new MessageFile(file);
  const smtp = smtpServer(messages);
  const http = createServer(webApp(messages));
  try {
    smtp.listen(smtpPort, HOST);
    http.listen(httpPort, HOST);
    await Promise.all([once(smtp.server, 'listening'), once(http, 'listening')]);
  } catch (error) {
    smtp.close();
    http.close();
    throw error;
  }
  const url = `http://${HOST}:${(http.address() as AddressInfo).port}`;
  return {
    smtpUrl: `smtp://${HOST}:${(smtp.server.address() as AddressInfo).port}`,
    url,
    webhookUrl: `${url}/webhook`,
    close: async () => {
      const closed = new Promise<void>((resolve) => smtp.close(resolve));
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function smtpServer(messages: MessageFile): SMTPServer {
  const receive = async (stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> => {
    const mail = await PostalMime.parse(await buffer(stream));
    messages.add({
      kind: 'mail',
      receivedAt: new Date().toISOString(),
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: envelope.rcptTo.map(({ address }) => address),
      subject: mail.subject ?? '',
      text: mail.text ?? '',
      attachments: mail.attachments.map(attachment),
    });
  };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MESSAGE_LIMIT_BYTES,
    logger: false,
    closeTimeout: 1000,
    onData: (stream, session, callback) => {
      receive(stream, session).then(() => callback(), callback);
    },
  });
  // A client that breaks off is no error of ours, and unheard it would end the process. A port in use is told by the inner server.
  server.on('error', () => undefined);
  return server;
}

function attachment({ filename, mimeType, content }: Attachment): MailAttachment {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name: filename ?? '', mediaType: mimeType, bytes: bytes.length, sha256 };
}

function webApp(messages: MessageFile): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.get('/', (_request, response) => {
    response.type('html').send(mailboxPage(messages.all()));
  });
  app.get('/messages', (_request, response) => {
    response.json(messages.all());
  });
  app.post('/webhook', express.text({ type: () => true, limit: MESSAGE_LIMIT_BYTES }), (request, response) => {
    const signature = Object.entries(request.headers).find(([name]) => name.includes('signature'))?.[1];
    messages.add({
      kind: 'webhook',
      receivedAt: new Date().toISOString(),
      ...(typeof signature === 'string' ? { signature } : {}),
      body: String(request.body),
    });
    response.status(204).end();
  });
  return app;
}
