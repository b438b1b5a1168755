import { z } from 'zod';
import type { GraphClient } from '../channels/graph-client.js';
import { holdWords } from '../channels/hold-words.js';
import { HOUR, type Instant } from '../domain/time.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import { type Finding, findingOfFailure } from './finding.js';

/** A permission, and what cannot be done without it. */
type Permissions = Readonly<Record<string, string>>;

export const PAGE_PERMISSIONS: Permissions = {
  pages_manage_posts: 'nothing can be published on Facebook',
  pages_read_engagement: 'posts on Facebook cannot be looked at',
};
export const INSTAGRAM_PERMISSIONS: Permissions = {
  instagram_basic: 'the Instagram account cannot be looked at',
  instagram_content_publish: 'nothing can be published on Instagram',
  instagram_manage_contents: 'nothing can be removed from Instagram',
};

const EXPIRES_SOON = 14 * 24 * HOUR;

const told = z.object({
  data: z.object({
    is_valid: z.boolean(),
    type: z.string().optional(),
    /** Seconds since 1970; 0 for never. */
    expires_at: z.number().optional(),
    data_access_expires_at: z.number().optional(),
    scopes: z.array(z.string()).optional(),
    error: z.object({ code: z.number(), subcode: z.number().optional() }).optional(),
  }),
});

/**
 * Whether a token is valid, for how long, and what it may do. It asks with the method in the body, so that the token stands in no
 * address.
 * @param of what the token is called in the findings
 */
export async function checkToken(
  graph: GraphClient,
  token: string,
  { of, permissions, now }: { readonly of: string; readonly permissions: Permissions; readonly now: Instant },
): Promise<Finding[]> {
  const parameters = { method: 'get', input_token: token };
  const call = { method: 'POST', path: ['debug_token'], parameters, answer: told } as const;
  try {
    const { data } = await graph.harmless(call, new AbortController().signal);
    if (!data.is_valid) return [invalid(of, data.error)];
    return [validity(of, data, now), permissionsOf(of, data.scopes, permissions)];
  } catch (error) {
    if (error instanceof ChannelFailure && /^meta\/(102|190)\b/.test(error.code)) return [findingOfFailure(of, error)];
    // Only the token itself was to be told about: whether it works, the other checks show.
    const finding = findingOfFailure(of, error, 'warn');
    return [{ ...finding, next: 'look at the token with the Access Token Debugger at developers.facebook.com' }];
  }
}

type Told = z.output<typeof told>['data'];

function invalid(of: string, error: Told['error']): Finding {
  const code = ['meta', error?.code ?? 190, error?.subcode ?? []].flat().join('/');
  return { of, verdict: 'fail', says: `is not valid (${code})`, next: holdWords(code).next.en };
}

function validity(of: string, { type, expires_at = 0, data_access_expires_at = 0 }: Told, now: Instant): Finding {
  const ends = [expires_at, data_access_expires_at].filter((seconds) => seconds > 0).map((seconds) => seconds * 1_000);
  const end = Math.min(...ends);
  const until = ends.length === 0 ? 'does not expire' : `is valid until ${new Date(end).toISOString().slice(0, 16)}Z`;
  const says = `${until}${type === undefined ? '' : `, of type ${type}`}`;
  if (end - now > EXPIRES_SOON) return { of, verdict: 'pass', says };
  const verdict = end - now > 24 * HOUR ? 'warn' : 'fail';
  return { of, verdict, says, next: 'make a new one, set it, and restart the workers' };
}

function permissionsOf(of: string, scopes: Told['scopes'], permissions: Permissions): Finding {
  const check = `${of}: permissions`;
  if (!scopes) return { of: check, verdict: 'warn', says: 'Meta does not say which it has' };
  const missing = Object.entries(permissions).filter(([name]) => !scopes.includes(name));
  if (missing.length === 0) return { of: check, verdict: 'pass', says: Object.keys(permissions).join(', ') };
  const says = missing.map(([name, without]) => `${name} is missing: ${without}`).join('; ');
  return { of: check, verdict: 'fail', says, next: 'give it to the app and make a new token' };
}
