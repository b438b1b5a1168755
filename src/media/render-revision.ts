import type { AreaPlan } from '../domain/area.js';
import { type CaseNumber, marker } from '../domain/case-number.js';
import { LANGUAGES, type Report } from '../domain/report.js';
import { CHANNELS, revisionDigest, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { IntakePhoto } from './photo.js';
import { publicPart } from './public-report.js';
import { renditionFor } from './rendition.js';
import { sha256 } from './sha256.js';
import { composePost } from './texts.js';

/** One part of a revision: bytes that go out as they are. */
export interface RenderedPart {
  /** `<channel>/text` (what is posted), `<channel>/text/<language>`, `<channel>/altText` or `<channel>/image`. */
  readonly name: string;
  readonly mediaType: 'text/plain; charset=utf-8' | 'image/jpeg';
  readonly bytes: Buffer;
  readonly sha256: Sha256;
}

/** A revision as it would go out, with the digest by which it is approved. */
export interface RenderedRevision {
  readonly manifest: RevisionManifest;
  readonly digest: Sha256;
  readonly parts: readonly RenderedPart[];
}

/**
 * Renders everything that a revision would show the public. The same input gives the same digest.
 * @param source.area where the alert is to be seen; part of what is approved
 * @param source.salt random, at least 128 bits, so that the digest does not betray a guessed child
 * @throws TextTooLong when a channel cannot take the text
 * @throws RangeError when the policy file does not know the report's jurisdiction
 */
export async function renderRevision(source: {
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly report: Report;
  readonly photo: IntakePhoto;
  readonly area: AreaPlan;
  readonly policyFile: Pick<PolicyFile, 'authority' | 'jurisdictions'>;
  readonly salt: string;
}): Promise<RenderedRevision> {
  const { caseNumber, revision, photo, area, policyFile, salt } = source;
  const report = publicPart(source.report);
  const jurisdiction = policyFile.jurisdictions[report.jurisdiction];
  if (!jurisdiction) throw new RangeError('the report names a jurisdiction that the policy file does not know');
  const alert = {
    report,
    authority: policyFile.authority,
    timeZone: jurisdiction.timeZone,
    marker: marker(caseNumber, revision),
  };
  const parts: RenderedPart[] = [];
  for (const channel of CHANNELS) {
    const post = composePost(alert, channel);
    const image = await renditionFor(photo, channel);
    parts.push(
      textPart(`${channel}/text`, post.text),
      ...LANGUAGES.map((language) => textPart(`${channel}/text/${language}`, post.byLanguage[language])),
      textPart(`${channel}/altText`, post.altText),
      { name: `${channel}/image`, mediaType: 'image/jpeg', bytes: image.bytes, sha256: image.sha256 },
    );
  }
  const manifest: RevisionManifest = {
    caseNumber,
    revision,
    tier: report.tier,
    runKind: report.runKind,
    area,
    countries: jurisdiction.countries,
    parts: parts.map((part) => ({ name: part.name, sha256: part.sha256 })),
    salt,
  };
  return { manifest, digest: revisionDigest(manifest, sha256), parts };
}

function textPart(name: string, text: string): RenderedPart {
  const bytes = Buffer.from(text, 'utf8');
  return { name, mediaType: 'text/plain; charset=utf-8', bytes, sha256: sha256(bytes) };
}
