import { z } from 'zod';
import { createFacebookChannel } from '../channels/facebook.js';
import type { FacebookStrategy } from '../channels/facebook-strategy.js';
import { pause } from '../channels/pause.js';
import type { StagedObject } from '../domain/publication.js';
import type { Audience } from '../ports/alert-channel.js';
import { answerTo, type Claim, Claims, NotSo } from './claims.js';
import { contentOf, eventually, madeByProbe, placedOf, type ProbeTools, shownByProbe, stepOf } from './probe-tools.js';
import type { Finding } from './finding.js';

const ASIDE = 'alerts are then published by the other strategy, single-post';
const BROKEN = 'do not publish alerts on this Page before it is understood';

const CLAIMS = {
  staged: {
    says: 'Meta fetches the image, and an unpublished post is made of it',
    otherwise: 'fail',
    next: BROKEN,
  },
  known: {
    says: 'what was just made can be read at once',
    otherwise: 'warn',
    next: 'nothing: the adapter asks again',
  },
  hidden: { says: 'nobody sees it before it is flipped', otherwise: 'fail', next: BROKEN },
  listed: {
    says: 'unpublished posts are listed',
    otherwise: 'warn',
    next: 'the account watch cannot see forgotten staged posts; nor can anybody else',
  },
  flips: { says: 'flipping it by its id publishes it', otherwise: 'warn', next: ASIDE },
  once: { says: 'flipped a second time it is still one post', otherwise: 'warn', next: ASIDE },
  photo: { says: 'the published post shows its photo', otherwise: 'warn', next: ASIDE },
  edited: {
    says: 'its text can be edited, and it stays the same post',
    otherwise: 'fail',
    next: 'amendments would not show: have them made by hand',
  },
  deleted: { says: 'it can be deleted, and is gone then', otherwise: 'fail', next: 'have alerts taken down by hand' },
  posted: { says: 'one call makes a post, which the marker finds in the feed', otherwise: 'fail', next: BROKEN },
} as const satisfies Record<string, Claim>;

const withAttachments = z.object({ attachments: z.object({ data: z.array(z.object({})).min(1) }).optional() });
const withMessage = z.object({ message: z.string().optional() });

/** What a Page does, and by which strategy alerts are to be put on it; null when it could not be found out. */
export interface FacebookProbe {
  readonly findings: readonly Finding[];
  readonly strategy: FacebookStrategy | null;
}

/** Stages, flips twice, looks, edits and deletes on a test page. @throws ChannelFailure when called off */
export async function probeFacebook(
  tools: ProbeTools,
  { pageId, audience }: { readonly pageId: string; readonly audience: Audience },
): Promise<FacebookProbe> {
  const { graph, patience, signal } = tools;
  const page = createFacebookChannel({ graph, pageId, audience, strategy: 'flip' });
  const claims = new Claims('Facebook');
  let staged: StagedObject | undefined;
  await claims.hold(CLAIMS.staged, async () => {
    const began = Date.now();
    staged = (await page.stage(contentOf(tools, 1), stepOf(tools))).object;
    return `after ${inSeconds(Date.now() - began)}`;
  });
  if (!staged) return { findings: claims.findings, strategy: null };
  const object = staged;
  const post = placedOf(tools, object);

  await claims.hold(CLAIMS.known, async () => {
    const began = Date.now();
    let looks = 0;
    const seen = await eventually(
      async () => {
        looks += 1;
        const look = await page.look(post, stepOf(tools));
        return look !== 'absent';
      },
      patience.seenWithin,
      signal,
    );
    if (!seen) throw new NotSo(`there was none for ${inSeconds(patience.seenWithin)}`);
    if (looks > 1) throw new NotSo(`there was none for ${inSeconds(Date.now() - began)}`);
    return undefined;
  });
  const isHidden = await claims.hold(CLAIMS.hidden, async () => {
    const shown = await shownByProbe(tools);
    if (shown.length > 0) throw new NotSo('it is in the feed');
    return undefined;
  });
  await claims.hold(CLAIMS.listed, async () => {
    const made = await madeByProbe(tools);
    if (!made.some(({ id }) => id === object.id)) throw new NotSo('it is not on the list');
    return undefined;
  });

  const sent = { settled: true };
  const flips =
    isHidden &&
    (await claims.hold(CLAIMS.flips, async () => {
      const { told, settled } = await answerTo(page.publish(post, stepOf(tools)));
      sent.settled = settled;
      const isThere = await eventually(async () => (await shownByProbe(tools)).length > 0, patience.seenWithin, signal);
      if (!isThere) throw new NotSo(`answered ${told}, and the feed does not show it`);
      if (typeof (await page.look(post, stepOf(tools))) === 'string')
        throw new NotSo('its id is not that of what is shown');
      return `answered ${told}`;
    }));
  const once =
    flips &&
    (await claims.hold(CLAIMS.once, async () => {
      const again = placedOf(tools, object, { state: 'unknown', flippedAt: Date.now() });
      const { told } = await answerTo(page.publish(again, stepOf(tools)));
      await pause(patience.secondWithin, signal);
      const { length } = await shownByProbe(tools);
      if (length !== 1) throw new NotSo(`answered ${told}, and there are ${length}`);
      return `answered ${told}`;
    }));
  const photo =
    flips &&
    (await claims.hold(CLAIMS.photo, async () => {
      const call = {
        method: 'GET',
        path: [object.id],
        parameters: { fields: 'attachments' },
        answer: withAttachments,
      } as const;
      if (!(await graph.harmless(call, signal)).attachments) throw new NotSo('it has no attachment');
      return undefined;
    }));
  if (flips) {
    await claims.hold(CLAIMS.edited, async () => {
      const to = contentOf(tools, 2);
      const edited = await page.update(post, to, stepOf(tools));
      if (edited !== 'updated') throw new NotSo(edited);
      const call = {
        method: 'GET',
        path: [object.id],
        parameters: { fields: 'message' },
        answer: withMessage,
      } as const;
      if ((await graph.harmless(call, signal)).message?.trim() !== to.text) throw new NotSo('it shows the old text');
      return undefined;
    });
  }
  await claims.hold(CLAIMS.deleted, async () => {
    await page.expire(placedOf(tools, object, { attachments: object.attachments }), stepOf(tools));
    const isGone = await eventually(
      async () => (await madeByProbe(tools)).every(({ id }) => id !== object.id),
      patience.seenWithin,
      signal,
    );
    if (!isGone) throw new NotSo('it is still listed');
    return undefined;
  });
  if (flips && once && photo) return { findings: claims.findings, strategy: 'flip' };
  // What went wrong on the way says nothing of the Page, and the other strategy cannot promise never two.
  if (!flips && !sent.settled) return { findings: claims.findings, strategy: null };
  const posts = await tryTheOther(tools, claims, { pageId, audience });
  return { findings: claims.findings, strategy: posts ? 'single-post' : null };
}

/** Whether the fallback does what it should. */
async function tryTheOther(
  tools: ProbeTools,
  claims: Claims,
  { pageId, audience }: { readonly pageId: string; readonly audience: Audience },
): Promise<boolean> {
  const { graph, patience, signal } = tools;
  const page = createFacebookChannel({ graph, pageId, audience, strategy: 'single-post' });
  return claims.hold(CLAIMS.posted, async () => {
    const content = contentOf(tools, 3);
    const { object } = await page.stage(content, stepOf(tools));
    const photo = placedOf(tools, object, { revision: content.revision });
    const { told } = await answerTo(page.publish(photo, stepOf(tools), content));
    const posted = { ...photo, object: { ...photo.object, state: 'unknown', flippedAt: Date.now() } } as const;
    const found = await eventually(
      async () => {
        const look = await page.look(posted, stepOf(tools));
        return typeof look === 'string' ? false : look;
      },
      patience.seenWithin,
      signal,
    );
    if (!found) throw new NotSo(`answered ${told}, and the feed does not show it`);
    await page.expire({ ...posted, object: { ...posted.object, postId: found.postId } }, stepOf(tools));
    return undefined;
  });
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
