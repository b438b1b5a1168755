import type { CaseNumber } from '../domain/case-number.js';
import type { ChannelName } from '../domain/channel.js';
import type { Sha256 } from '../domain/revision.js';
import type { AlertContent } from './alert-channel.js';

/** Where the content of revisions is kept. */
export interface ContentStore {
  /**
   * Loads what goes out on a channel, and opens a short-lived, unguessable address for its image.
   * @throws ContentMismatch when what is stored is not what the digest covers, or is not there
   */
  load(alert: {
    readonly caseNumber: CaseNumber;
    readonly revision: number;
    readonly digest: Sha256;
    readonly channel: ChannelName;
  }): Promise<AlertContent>;
  /** Whether two revisions of a case show the very same image on a channel. */
  hasSameImage(alert: {
    readonly caseNumber: CaseNumber;
    readonly channel: ChannelName;
    readonly revisions: readonly [number, number];
  }): Promise<boolean>;
}

/** What is stored is not what was approved. It must not go out; a person has to look. */
export class ContentMismatch extends Error {
  override readonly name = 'ContentMismatch';

  /** @param part which part of the revision differs, by its name in the manifest, or `revision` when it is not there at all */
  constructor(readonly part: string) {
    super(`stored content differs from its digest: ${part}`);
  }
}
