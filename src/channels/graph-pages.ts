import { z } from 'zod';
import type { Instant } from '../domain/time.js';
import type { StepRun } from '../ports/alert-channel.js';
import type { GraphClient } from './graph-client.js';

const PAGE_LENGTH = 100;

const paging = z.object({ cursors: z.object({ after: z.string() }), next: z.string().optional() }).optional();

/** A list of the Graph API that shows the newest first. */
export interface GraphList<T> {
  /** `['123', 'feed']` */
  readonly path: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly item: z.ZodType<T>;
  readonly createdAt: (item: T) => Instant;
}

/**
 * Reads a list page by page, until all of a page is older than `since`: a few stragglers may come with it.
 * @throws ChannelFailure
 */
export async function* pagesOf<T>(
  graph: GraphClient,
  { path, parameters, item, createdAt }: GraphList<T>,
  since: Instant,
  run: Pick<StepRun, 'signal' | 'heartbeat'>,
): AsyncGenerator<readonly T[]> {
  const answer = z.object({ data: z.array(item), paging });
  let after: string | undefined;
  do {
    const page = await graph.harmless(
      {
        method: 'GET',
        path,
        parameters: { ...parameters, limit: PAGE_LENGTH, ...(after === undefined ? {} : { after }) },
        answer,
      },
      run.signal,
    );
    run.heartbeat();
    yield page.data;
    const isPast = page.data.every((listed) => createdAt(listed) < since);
    // The address in `next` is not followed: Meta writes the access token into it.
    after = isPast || page.paging?.next === undefined ? undefined : page.paging.cursors.after;
  } while (after !== undefined);
}

/** All that `pagesOf` reads. @throws ChannelFailure */
export async function readPages<T>(...list: Parameters<typeof pagesOf<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pagesOf(...list)) items.push(...page);
  return items;
}
