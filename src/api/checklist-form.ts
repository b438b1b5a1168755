import { z } from 'zod';
import { isCriterion } from '../domain/command.js';
import { digestSchema } from './answer-values.js';
import type { CommandContent } from './command-content.js';
import { prose } from './text-schema.js';

const criterion = z.string().refine(isCriterion, 'must be the id of a criterion');
const answer = z.discriminatedUnion('met', [
  z.strictObject({ met: z.literal(true) }),
  z.strictObject({ met: z.literal(false), reason: prose(1_000) }),
]);

/** An approval: the digest, and every criterion of the tier as met, or not met with the reason why the alert goes out anyway. */
export const approval = z
  .strictObject({ digest: digestSchema, criteria: z.record(criterion, answer) })
  .transform(({ criteria, digest: approved }): CommandContent => {
    const met: string[] = [];
    const reasons: [string, string][] = [];
    // In one order, whatever order they were sent in: the same answers are the same command.
    for (const id of Object.keys(criteria).sort()) {
      const given = criteria[id];
      if (given?.met === false) reasons.push([id, given.reason]);
      else met.push(id);
    }
    return {
      payload: { digest: approved, criteria: { met, explained: reasons.map(([id]) => id) } },
      note: reasons.length > 0 ? reasons.map(([id, reason]) => `${id}: ${oneLine(reason)}`).join('\n') : undefined,
    };
  });

/** So that no reason can pass for that of another criterion. */
function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ');
}
