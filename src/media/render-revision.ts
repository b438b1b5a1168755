import type { AreaPlan } from '../domain/area.js';
import { type CaseNumber, marker } from '../domain/case-number.js';
import { LANGUAGES, type Report } from '../domain/report.js';
import type { ChannelName } from '../domain/channel.js';
import { CARDS, IMAGE_PARTS, revisionDigest, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { CARD_TYPES } from './card/formats.js';
import { renderCards } from './card/render-cards.js';
import type { IntakePhoto } from './photo.js';
import { publicPart } from './public-report.js';
import { facebookPhoto } from './rendition.js';
import { sha256 } from './sha256.js';
import { composePost } from './texts.js';

/** One part of a revision: bytes that go out as they are. */
export interface RenderedPart {
  /** `<channel>/text` (what is posted), `<channel>/text/<language>`, `<channel>/altText`, `facebook/image` or `card/<card>`. */
  readonly name: string;
  readonly mediaType: 'text/plain; charset=utf-8' | 'image/jpeg' | 'application/pdf';
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
 * @param source.publicUrl where the public opens the public site; the alert's page is `<publicUrl>/alerts/<case number>`
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
  readonly channels: readonly ChannelName[];
  readonly policyFile: Pick<PolicyFile, 'authority' | 'jurisdictions'>;
  readonly publicUrl: string;
  readonly salt: string;
}): Promise<RenderedRevision> {
  const { caseNumber, revision, photo, area, channels, policyFile, publicUrl, salt } = source;
  const report = publicPart(source.report);
  const jurisdiction = policyFile.jurisdictions[report.jurisdiction];
  if (!jurisdiction) throw new RangeError('the report names a jurisdiction that the policy file does not know');
  const alert = {
    report,
    authority: policyFile.authority,
    timeZone: jurisdiction.timeZone,
    marker: marker(caseNumber, revision),
    pageUrl: `${publicUrl.replace(/\/$/, '')}/alerts/${caseNumber}`,
  };
  // Before anything is drawn: what is too long for a channel is refused at once.
  const texts = channels.flatMap((channel) => {
    const post = composePost(alert, channel);
    return [
      textPart(`${channel}/text`, post.text),
      ...LANGUAGES.map((language) => textPart(`${channel}/text/${language}`, post.byLanguage[language])),
      textPart(`${channel}/altText`, post.altText),
    ];
  });
  // The alert page shows these in any case, and beside the photo below.
  const onPage = channels.includes('facebook') ? undefined : composePost(alert, 'facebook').byLanguage;
  if (onPage) texts.push(...LANGUAGES.map((language) => textPart(`facebook/text/${language}`, onPage[language])));
  const [shown, cards] = await Promise.all([facebookPhoto(photo), renderCards(alert, photo)]);
  const parts = [
    ...texts,
    part(IMAGE_PARTS.facebook, 'image/jpeg', shown.bytes),
    ...CARDS.map((card) => part(`card/${card}`, CARD_TYPES[card], cards[card])),
  ];
  const manifest: RevisionManifest = {
    caseNumber,
    revision,
    tier: report.tier,
    runKind: report.runKind,
    area,
    countries: jurisdiction.countries,
    parts: parts.map(({ name, sha256: hash }) => ({ name, sha256: hash })),
    salt,
  };
  return { manifest, digest: revisionDigest(manifest, sha256), parts };
}

function textPart(name: string, text: string): RenderedPart {
  return part(name, 'text/plain; charset=utf-8', Buffer.from(text, 'utf8'));
}

function part(name: string, mediaType: RenderedPart['mediaType'], bytes: Buffer): RenderedPart {
  return { name, mediaType, bytes, sha256: sha256(bytes) };
}
