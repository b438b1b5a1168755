import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

const SIZE = 1080;

/** Neutral, and nobody is on it: a test picture of plain shapes. */
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 12 12">
  <rect width="12" height="12" fill="#dfe6ea"/>
  <circle cx="6" cy="6" r="4" fill="none" stroke="#5b7083" stroke-width="0.5"/>
  <path d="M6 1v10M1 6h10" stroke="#5b7083" stroke-width="0.25"/>
  <path d="M4.6 4.6h2.8v2.8h-2.8z" fill="#8fa3b2"/>
</svg>`;

/** Where a picture can be fetched for as long as it is not closed. */
export interface ServedImage {
  readonly url: string;
  close(): Promise<void>;
}

/** Draws the picture and serves it on this machine, where the simulator fetches it. Meta does not reach it. */
export async function serveProbeImage(): Promise<ServedImage> {
  const jpeg = await sharp(Buffer.from(DRAWING)).jpeg().toBuffer();
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'image/jpeg').end(jpeg);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/probe.jpg`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
