import { z } from 'zod';
import type { CaseNumber } from '../domain/case-number.js';

/** The channel of PostgreSQL's NOTIFY on which every write to a journal is announced. */
export const JOURNAL_CHANNEL = 'mafqood_journal';

const journalAnnouncement = z.object({ caseNumber: z.string(), seq: z.int(), commandIds: z.array(z.string()) });

/** What is announced: how far the journal of a case has come, and which commands were answered. */
export interface JournalAnnouncement {
  readonly caseNumber: CaseNumber;
  readonly seq: number;
  readonly commandIds: readonly string[];
}

/** PostgreSQL takes no announcement of 8000 bytes or more, and a command id has up to 128. */
const COMMANDS_AN_ANNOUNCEMENT = 50;

/** The texts to announce a write with: one, or as many as it takes to name every answered command. */
export function announcements({ caseNumber, seq, commandIds }: JournalAnnouncement): string[] {
  const texts: string[] = [];
  for (let from = 0; from === 0 || from < commandIds.length; from += COMMANDS_AN_ANNOUNCEMENT) {
    const some = commandIds.slice(from, from + COMMANDS_AN_ANNOUNCEMENT);
    texts.push(JSON.stringify({ caseNumber, seq, commandIds: some } satisfies JournalAnnouncement));
  }
  return texts;
}

/** Reads an announcement; undefined for anything else: every role of the database can announce whatever it likes. */
export function readAnnouncement(text: string): JournalAnnouncement | undefined {
  try {
    return journalAnnouncement.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
