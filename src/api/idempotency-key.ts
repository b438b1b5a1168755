import type { Request } from 'express';
import { z } from 'zod';
import { canonicalJson } from '../domain/revision.js';
import { sha256 } from '../media/sha256.js';
import type { Idempotency } from '../store/case-store.js';
import { Problem } from './problem.js';

/** The form of an Idempotency-Key. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/**
 * The caller's Idempotency-Key, if there is one, and the fingerprint of what it stands for.
 * @param content what the request asks, as it was understood
 * @throws Problem `idempotency_key_invalid`
 */
export function idempotencyOf(request: Request, content: unknown): Idempotency | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined) return undefined;
  if (!idempotencyKeySchema.safeParse(key).success) throw new Problem('idempotency_key_invalid');
  const { method, path } = request;
  return { key, fingerprint: sha256(canonicalJson({ method, path, content })) };
}
