import { appendFileSync, readFileSync } from 'node:fs';
import { messageSchema, type Message } from './message.js';

/** Older ones are no longer shown; they stay in the file. */
const KEPT_IN_MEMORY = 500;

/** Received messages, oldest first, kept in a file of one JSON object a line that only its owner can read. */
export class MessageFile {
  readonly #messages: Message[];

  constructor(private readonly path: string) {
    const text = readIfThere(path);
    // A kill can leave half a line: what follows must begin on a line of its own.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
    this.#messages = parseLines(text).slice(-KEPT_IN_MEMORY);
  }

  add(message: Message): void {
    appendFileSync(this.path, `${JSON.stringify(message)}\n`, { mode: 0o600 });
    this.#messages.push(message);
    if (this.#messages.length > KEPT_IN_MEMORY) this.#messages.shift();
  }

  all(): readonly Message[] {
    return this.#messages;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parseLines(text: string): Message[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [messageSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
