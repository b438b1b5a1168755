import { createHash } from 'node:crypto';
import type { Sha256 } from '../domain/revision.js';

/** SHA-256 of bytes, or of a text's UTF-8 bytes. */
export function sha256(data: Buffer | string): Sha256 {
  return createHash('sha256').update(data).digest('hex');
}
