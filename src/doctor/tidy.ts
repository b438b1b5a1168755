import { z } from 'zod';
import { isAbsent } from '../channels/graph-errors.js';
import { pause } from '../channels/pause.js';
import { type Milliseconds, SECOND } from '../domain/time.js';
import type { AccountPost } from '../ports/account.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { Finding } from './finding.js';
import { madeByProbe, type ProbeTools } from './probe-tools.js';

const ROUNDS = 5;
const BETWEEN: Milliseconds = SECOND;

const done = z.object({ success: z.literal(true) });

/**
 * Deletes whatever carries the probe's marker on an account, seen or not, and what it made unpublished, until it has looked twice and found
 * nothing; also after a probe that was called off. Never fails: what could not be deleted is told.
 */
export async function tidyUp(channel: string, tools: ProbeTools): Promise<Finding> {
  const of = `${channel}: tidied up`;
  const hidden = new Set(tools.hidden);
  let code = 'nothing';
  let looksAtNothing = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    let left: readonly AccountPost[] | undefined;
    try {
      left = await madeByProbe(tools);
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      code = error.code;
    }
    // The post first: its photo may be what the public sees.
    for (const id of (left ?? []).flatMap((post) => [post.id, ...post.attachments])) {
      code = (await removal(tools, id)) ?? code;
    }
    // Known by their ids, so also where nothing can be listed. The newest first: a post before its photo.
    for (const id of [...hidden].reverse()) {
      const why = await removal(tools, id);
      if (why === undefined) hidden.delete(id);
      else code = why;
    }
    looksAtNothing = left && left.length + hidden.size === 0 ? looksAtNothing + 1 : 0;
    if (looksAtNothing === 2) return { of, verdict: 'pass', says: 'nothing of the probe is left' };
    await pause(BETWEEN, tools.signal);
  }
  return leftOver(of, code, hidden, tools);
}

/** Why it was not deleted; undefined when it is not there any more. */
async function removal({ graph, signal }: ProbeTools, id: string): Promise<string | undefined> {
  try {
    await graph.harmless({ method: 'DELETE', path: [id], answer: done }, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return isAbsent(error) ? undefined : error.code;
  }
}

async function leftOver(of: string, code: string, hidden: ReadonlySet<string>, tools: ProbeTools): Promise<Finding> {
  const next = `delete by hand what carries ${tools.caseNumber}`;
  try {
    const left = await madeByProbe(tools);
    const named = [
      ...left.map(({ id, live }) => `${id}${live ? ', which the public sees,' : ''}`),
      ...[...hidden].filter((id) => left.every((post) => post.id !== id)).map((id) => `${id}, which no list shows,`),
    ];
    if (named.length === 0) return { of, verdict: 'pass', says: 'nothing of the probe is left' };
    return { of, verdict: 'fail', says: `${named.join(' ')} is left: ${code}`, next };
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return { of, verdict: 'fail', says: `whether something is left cannot be told: ${error.code}`, next };
  }
}
