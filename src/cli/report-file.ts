import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/data-folder.js';

const EXAMPLES = join(repositoryRoot, 'examples');
/** How long ago the child of the example was last seen, in milliseconds. */
const SEEN_AGO_MS = 40 * 60_000;

/** The example's drawing. */
export const EXAMPLE_PHOTO = join(EXAMPLES, 'photo.jpg');

/** Reads a report as an operator sends it. @throws Error that names the file when it is not there or is no JSON */
export function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON.`, { cause });
  }
}

/** The example, whose child is always one who was just seen. */
export function exampleReport(): unknown {
  const report = readReport(join(EXAMPLES, 'report.json')) as { lastSeen: object };
  const at = new Date(Date.now() - SEEN_AGO_MS).toISOString();
  return { ...report, lastSeen: { ...report.lastSeen, at } };
}
