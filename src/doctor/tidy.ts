import { z } from 'zod';
import { pause } from '../channels/pause.js';
import { type Milliseconds, SECOND } from '../domain/time.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { Finding } from './finding.js';
import { madeByProbe, type ProbeTools } from './probe-tools.js';

const ROUNDS = 3;
const BETWEEN: Milliseconds = SECOND;

const done = z.object({ success: z.literal(true) });

/**
 * Deletes whatever carries the probe's marker on an account, seen or not, and looks again; a probe that was called off is tidied up after
 * as well. Never fails: what could not be deleted is told.
 */
export async function tidyUp(channel: string, tools: ProbeTools): Promise<Finding> {
  const of = `${channel}: tidied up`;
  let code = 'nothing';
  for (let round = 1; round <= ROUNDS; round += 1) {
    try {
      const left = await madeByProbe(tools);
      if (left.length === 0) return { of, verdict: 'ok', says: 'nothing of the probe is left' };
      for (const { id, attachments } of left) {
        for (const each of [id, ...attachments]) code = (await removal(tools, each)) ?? code;
      }
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      code = error.code;
    }
    await pause(BETWEEN, tools.signal);
  }
  return leftOver(of, code, tools);
}

/** Why it was not deleted; undefined when it was. */
async function removal({ graph, signal }: ProbeTools, id: string): Promise<string | undefined> {
  try {
    await graph.harmless({ method: 'DELETE', path: [id], answer: done }, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return error.code;
  }
}

async function leftOver(of: string, code: string, tools: ProbeTools): Promise<Finding> {
  const next = `delete by hand what carries ${tools.caseNumber}`;
  try {
    const left = await madeByProbe(tools);
    if (left.length === 0) return { of, verdict: 'ok', says: 'nothing of the probe is left' };
    const says = `${left.map(({ id, live }) => `${id}${live ? ', which the public sees,' : ''}`).join(' ')} is left: ${code}`;
    return { of, verdict: 'failed', says, next };
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return { of, verdict: 'failed', says: `whether something is left cannot be told: ${error.code}`, next };
  }
}
