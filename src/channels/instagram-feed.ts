import { z } from 'zod';
import { marker } from '../domain/case-number.js';
import { HOUR, type Milliseconds } from '../domain/time.js';
import type { PlacedObject, StepRun } from '../ports/alert-channel.js';
import type { GraphClient } from './graph-client.js';

const page = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      caption: z.string().optional(),
      timestamp: z.string(),
      permalink: z.string().optional(),
    }),
  ),
  paging: z.object({ cursors: z.object({ after: z.string() }), next: z.string().optional() }).optional(),
});

const PAGE_LENGTH = 100;

/** How far Meta's clock and ours may lie apart before a search of the feed ends too early. */
const CLOCKS_APART: Milliseconds = HOUR;

export interface Media {
  readonly id: string;
  readonly permalink: string | null;
}

/**
 * The media that an object has become, found by the marker in its caption and never by its place in the feed: another case may have
 * posted since. The search ends, newest first, with what is older than the object.
 * @throws ChannelFailure
 */
export async function findByMarker(
  graph: GraphClient,
  igUserId: string,
  { caseNumber, object }: PlacedObject,
  { signal, heartbeat }: Pick<StepRun, 'signal' | 'heartbeat'>,
): Promise<Media | undefined> {
  // Not followed by a further digit: …/1 is not …/12.
  const wanted = new RegExp(`(?<![\\w-])${marker(caseNumber, object.revision)}(?!\\d)`);
  const parameters = { fields: 'id,caption,timestamp,permalink', limit: PAGE_LENGTH };
  let after: string | undefined;
  do {
    heartbeat();
    const { data, paging } = await graph.harmless(
      {
        method: 'GET',
        path: [igUserId, 'media'],
        parameters: after === undefined ? parameters : { ...parameters, after },
        answer: page,
      },
      signal,
    );
    const found = data.find(({ caption }) => caption !== undefined && wanted.test(caption));
    if (found) return { id: found.id, permalink: found.permalink ?? null };
    const oldest = data.at(-1);
    const isPast = oldest === undefined || Date.parse(oldest.timestamp) < object.stagedAt - CLOCKS_APART;
    // The address in `next` is not followed: Meta writes the access token into it.
    after = isPast || paging?.next === undefined ? undefined : paging.cursors.after;
  } while (after !== undefined);
  return undefined;
}
