import type { Response } from 'express';

/** Sends a picture, a child's mostly, which nobody on the way may keep and no search engine may list. */
export function sendImage(response: Response, jpeg: Buffer): void {
  response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' }).type('image/jpeg').send(jpeg);
}
