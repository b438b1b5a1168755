import type { Notice } from '../domain/notice.js';
import type { NoticeText } from './notice-text.js';

/** What one person is sent. */
export interface Message {
  readonly notice: Notice;
  /** A staff id. */
  readonly person: string;
  readonly text: NoticeText;
}

/** A way in which people are reached. */
export interface Way {
  /** @throws SendFailure and nothing else, within some seconds */
  send(address: string, message: Message): Promise<void>;
}

/** A message did not get through for now. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure';

  /** @param code stable and free of addresses, texts and secrets */
  constructor(readonly code: string) {
    super(`not sent: ${code}`);
  }
}
