import { z } from 'zod';
import { createInstagramChannel } from '../channels/instagram.js';
import { pause } from '../channels/pause.js';
import type { StagedObject } from '../domain/publication.js';
import type { AccountPost } from '../ports/account.js';
import type { Audience } from '../ports/alert-channel.js';
import { answerTo, type Claim, Claims, NotSo } from './claims.js';
import type { Finding } from './finding.js';
import { contentOf, eventually, placedOf, type ProbeTools, shownByProbe, stepOf } from './probe-tools.js';

const BROKEN = 'do not publish alerts on this account before it is understood';

const CLAIMS = {
  staged: { says: 'Meta fetches the image and gets a container ready', otherwise: 'fail', next: BROKEN },
  hidden: { says: 'nobody sees it before it is published', otherwise: 'fail', next: BROKEN },
  published: { says: 'publishing it makes a media, which its marker finds', otherwise: 'fail', next: BROKEN },
  once: { says: 'published a second time it is still one media', otherwise: 'fail', next: BROKEN },
  status: {
    says: 'its container says that it is published',
    otherwise: 'warn',
    next: 'nothing: the media is found by its marker',
  },
  fixed: {
    says: 'its caption cannot be edited',
    otherwise: 'warn',
    next: 'nothing is wrong with it; amendments could be edited in place',
  },
  comments: {
    says: 'its comments can be closed',
    otherwise: 'warn',
    next: 'close them in the app where a post cannot be deleted',
  },
  deleted: {
    says: 'it can be deleted, and is gone then',
    otherwise: 'fail',
    next: 'each stand-down on Instagram needs a person who deletes the post in the app, and confirms it',
  },
} as const satisfies Record<string, Claim>;

const done = z.object({ success: z.literal(true) });
const status = z.object({ status_code: z.string() });
const caption = z.object({ caption: z.string().optional() });

/** Stages, publishes twice, looks, tries to edit, and deletes on a test account. @throws ChannelFailure when called off */
export async function probeInstagram(
  tools: ProbeTools,
  { igUserId, audience }: { readonly igUserId: string; readonly audience: Audience },
): Promise<readonly Finding[]> {
  const { graph, patience, signal } = tools;
  const account = createInstagramChannel({ graph, igUserId, audience });
  const claims = new Claims('Instagram');
  let staged: StagedObject | undefined;
  await claims.hold(CLAIMS.staged, async () => {
    const began = Date.now();
    staged = (await account.stage(contentOf(tools, 1), stepOf(tools))).object;
    return `after ${((Date.now() - began) / 1_000).toFixed(1)} s`;
  });
  if (!staged) return claims.findings;
  const object = staged;
  const container = placedOf(tools, object);
  await claims.hold(CLAIMS.hidden, async () => {
    if ((await shownByProbe(tools)).length > 0) throw new NotSo('it is on the account');
    return undefined;
  });

  const sent = { settled: true };
  let media: AccountPost | false | undefined;
  await claims.hold(CLAIMS.published, async () => {
    const { told, settled } = await answerTo(account.publish(container, stepOf(tools)));
    sent.settled = settled;
    media = await eventually(async () => (await shownByProbe(tools))[0] ?? false, patience.seenWithin, signal);
    if (media === false) throw new NotSo(`answered ${told}, and the account does not show it`);
    return `answered ${told}`;
  });
  if (!media) return sent.settled ? claims.findings : [...claims.findings, mayComeLate(tools)];
  const { id: postId } = media;
  const live = placedOf(tools, object, { state: 'live', flippedAt: Date.now(), postId });

  await claims.hold(CLAIMS.once, async () => {
    const again = placedOf(tools, object, { state: 'unknown', flippedAt: Date.now() });
    const { told } = await answerTo(account.publish(again, stepOf(tools)));
    await pause(patience.secondWithin, signal);
    const { length } = await shownByProbe(tools);
    if (length !== 1) throw new NotSo(`answered ${told}, and there are ${length}`);
    return `answered ${told}`;
  });
  await claims.hold(CLAIMS.status, async () => {
    const parameters = { fields: 'status_code' };
    const { status_code } = await graph.harmless(
      { method: 'GET', path: [object.id], parameters, answer: status },
      signal,
    );
    if (status_code !== 'PUBLISHED') throw new NotSo(status_code);
    return undefined;
  });
  await claims.hold(CLAIMS.fixed, async () => {
    const to = contentOf(tools, 2).text;
    const { told } = await answerTo(
      graph.harmless({ method: 'POST', path: [postId], parameters: { caption: to }, answer: z.unknown() }, signal),
    );
    const parameters = { fields: 'caption' };
    const shown = await graph.harmless({ method: 'GET', path: [postId], parameters, answer: caption }, signal);
    if (shown.caption?.trim() === to) throw new NotSo('it shows the new one');
    return `answered ${told}`;
  });
  await claims.hold(CLAIMS.comments, async () => {
    const parameters = { comment_enabled: false };
    await graph.harmless({ method: 'POST', path: [postId], parameters, answer: done }, signal);
    return undefined;
  });
  await claims.hold(CLAIMS.deleted, async () => {
    await account.expire(live, stepOf(tools));
    const isGone = await eventually(
      async () => (await shownByProbe(tools)).every(({ id }) => id !== postId),
      patience.seenWithin,
      signal,
    );
    if (!isGone) throw new NotSo('the account still shows it');
    return undefined;
  });
  return claims.findings;
}

/** A container cannot be deleted, so what was sent and not answered can surface for as long as the container lives. */
function mayComeLate({ caseNumber }: ProbeTools): Finding {
  const says = 'what was sent and not answered may still be published within 24 hours';
  const next = `look at the account then, and delete what carries ${caseNumber}`;
  return { of: 'Instagram', verdict: 'warn', says, next };
}
