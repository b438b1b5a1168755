import type pg from 'pg';
import { LANGUAGES, type LocalText } from '../domain/report.js';
import { CARDS, IMAGE_PARTS } from '../domain/revision.js';
import { sha256 } from '../media/sha256.js';
import type { AlertPackages } from '../ports/alert-package.js';
import { ContentMismatch } from '../ports/content-store.js';
import { readParts, readRevision, type RevisionPart } from './revision-content.js';

const CHANNEL = 'meta-partner';

const FILES = [
  { name: 'photo', part: IMAGE_PARTS[CHANNEL] },
  ...CARDS.map((card) => ({ name: card, part: `card/${card}` })),
] as const;

/** Makes packages up from the content kept in a database, every byte of it checked against the digest. */
export function createAlertPackages(pool: pg.Pool): AlertPackages {
  return {
    async load({ caseNumber, revision, digest }) {
      const stored = await readRevision(pool, caseNumber, revision);
      if (stored?.digest !== digest) throw new ContentMismatch('revision');
      const { manifest } = stored;
      const { tier, runKind, area, countries } = manifest;
      const read = async (names: readonly string[]): Promise<RevisionPart[]> => readParts(pool, manifest, names);
      const [text = '', altText = '', ...byLanguage] = (
        await read(
          ['text', 'altText', ...LANGUAGES.map((language) => `text/${language}`)].map((name) => `${CHANNEL}/${name}`),
        )
      ).map(({ bytes }) => bytes.toString());
      const files = await read(FILES.map(({ part }) => part));
      return {
        caseNumber,
        revision,
        digest,
        tier,
        runKind,
        centre: area.centre,
        countries,
        text,
        texts: Object.fromEntries(
          LANGUAGES.map((language, index) => [language, byLanguage[index] ?? '']),
        ) as unknown as LocalText,
        altText,
        files: files.map(({ mediaType, bytes }, index) => ({
          name: FILES[index]?.name ?? '',
          mediaType,
          sha256: sha256(bytes),
          bytes,
        })),
      };
    },
  };
}
