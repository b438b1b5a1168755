import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Image } from './effect.js';

/** Meta gives an address a few seconds; a fetch that hangs must not hold a call for ever. */
const FETCH_TIMEOUT_MS = 10_000;

const FORMATS: readonly Image['format'][] = ['jpeg', 'png', 'gif', 'tiff'];

export type FetchProblem = 'unreachable' | 'timed out' | 'too large' | 'not an image';

/** Why an image could not be had from its address. */
export class ImageFetchError extends Error {
  constructor(readonly problem: FetchProblem) {
    super(`the image is ${problem}`);
  }
}

/**
 * Fetches an image over HTTP as Meta does, at the moment of the call, and looks what it really is: a content type or a
 * file name proves nothing.
 * @param maxBytes more than this is not read
 * @param signal ends the fetch when the simulator stops
 * @throws ImageFetchError
 */
export async function fetchImage(
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ bytes: Buffer; image: Image }> {
  const bytes = await download(url, maxBytes, signal);
  const metadata = await sharp(bytes)
    .metadata()
    .catch(() => {
      throw new ImageFetchError('not an image');
    });
  const format = FORMATS.find((known) => known === metadata.format);
  if (format === undefined) throw new ImageFetchError('not an image');
  return {
    bytes,
    image: {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format,
      bytes: bytes.length,
      width: metadata.autoOrient.width,
      height: metadata.autoOrient.height,
    },
  };
}

async function download(url: string, maxBytes: number, stop: AbortSignal): Promise<Buffer> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new ImageFetchError('unreachable');
  const timeout = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([stop, timeout]) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new ImageFetchError('unreachable');
    }
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) throw new ImageFetchError('too large');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ImageFetchError) throw error;
    throw new ImageFetchError(timeout.aborted ? 'timed out' : 'unreachable');
  }
  return Buffer.concat(chunks);
}
