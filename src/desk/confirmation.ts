import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type CaseNumber, isCaseNumber } from '../domain/case-number.js';
import { isDigest, type Sha256 } from '../domain/revision.js';

/** What a person at the partner desk is asked to say: that this revision of a case is published, or removed. */
export interface Confirmation {
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly digest: Sha256;
  readonly done: 'published' | 'removed';
}

/** Makes the links by which it is said. */
export interface ConfirmLinks {
  linkTo(confirmation: Confirmation): Promise<string>;
}

/** Longer than any case lives. */
const VALID_FOR = '90 days';
const ALGORITHM = 'HS256';
const AUDIENCE = 'mafqood/desk';

const claims = z.object({
  sub: z.string().refine(isCaseNumber),
  rev: z.int().min(1),
  dig: z.string().refine(isDigest),
  done: z.enum(['published', 'removed']),
});

/**
 * Makes signed links. Whoever has one may say what it is about and nothing else.
 * @param base where the desk reaches the staff API
 * @param secret at least 32 characters, shared with the staff API
 */
export function confirmLinks({ base, secret }: { readonly base: string; readonly secret: string }): ConfirmLinks {
  return {
    async linkTo({ caseNumber, revision, digest, done }) {
      const token = await new SignJWT({ rev: revision, dig: digest, done })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(caseNumber)
        .setAudience(AUDIENCE)
        .setExpirationTime(VALID_FOR)
        .sign(keyOf(secret));
      return `${base.replace(/\/$/, '')}/desk/${token}`;
    },
  };
}

/** What a link says; `expired`, or undefined when it is none of ours. */
export async function readConfirmation(token: string, secret: string): Promise<Confirmation | 'expired' | undefined> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), { algorithms: [ALGORITHM], audience: AUDIENCE });
    const { sub, rev, dig, done } = claims.parse(payload);
    return { caseNumber: sub, revision: rev, digest: dig, done };
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'expired' : undefined;
  }
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
