import sharp from 'sharp';

const SIZE = 1080;

/** Neutral, and nobody is on it: plain shapes. */
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 12 12">
  <rect width="12" height="12" fill="#dfe6ea"/>
  <circle cx="6" cy="6" r="4" fill="none" stroke="#5b7083" stroke-width="0.5"/>
  <path d="M6 1v10M1 6h10" stroke="#5b7083" stroke-width="0.25"/>
  <path d="M4.6 4.6h2.8v2.8h-2.8z" fill="#8fa3b2"/>
</svg>`;

/** Where the public site serves it, beside the images of alerts: what reaches one reaches the others. */
export const TEST_IMAGE_PATH = '/images/test.jpg';

/** A JPEG that either channel takes, for trying whether images can be fetched and published. */
export function drawTestImage(): Promise<Buffer> {
  return sharp(Buffer.from(DRAWING)).jpeg().toBuffer();
}
