import { marker } from '../domain/case-number.js';
import { HOUR, type Milliseconds } from '../domain/time.js';
import type { PlacedObject, StepRun } from '../ports/alert-channel.js';
import type { GraphClient } from './graph-client.js';
import { type GraphList, pagesOf } from './graph-pages.js';

/** A list of what the public sees on an account. */
export interface PostList<T> extends GraphList<T> {
  /** The text in which a post carries its marker; undefined where it has none of ours. */
  readonly text: (post: T) => string | undefined;
}

/** How far Meta's clock and ours may lie apart before a search ends too early. */
const CLOCKS_APART: Milliseconds = HOUR;

/**
 * The post that an object has become, found by the marker in its text and never by its place on the list: another case may have
 * posted since. The search ends, newest first, with what is older than the object.
 * @throws ChannelFailure
 */
export async function findByMarker<T>(
  graph: GraphClient,
  list: PostList<T>,
  { caseNumber, object }: PlacedObject,
  run: Pick<StepRun, 'signal' | 'heartbeat'>,
): Promise<T | undefined> {
  // Not followed by a further digit: …/1 is not …/12.
  const wanted = new RegExp(`(?<![\\w-])${marker(caseNumber, object.revision)}(?!\\d)`);
  for await (const page of pagesOf(graph, list, object.stagedAt - CLOCKS_APART, run)) {
    const found = page.find((post) => wanted.test(list.text(post) ?? ''));
    if (found) return found;
  }
  return undefined;
}
