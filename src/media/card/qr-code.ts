import { encode } from 'uqr';

/** A QR code as an SVG path of squares, one unit each, without the quiet zone around it. */
export interface QrCode {
  /** Squares a side. */
  readonly size: number;
  readonly path: string;
}

/** White squares that a reader wants around a code. The standard says four; a white tile on a dark ground is read with three. */
export const QUIET_ZONE = 3;

/** Encodes an address so that a seventh of it may be damaged. */
export function qrCode(url: string): QrCode {
  const { size, data } = encode(url, { ecc: 'M', border: 0 });
  // One rectangle for each stretch of a row: neighbours that only touch show hairlines where they meet.
  const stretches = data.flatMap((row, y) =>
    Array.from(
      row
        .map((on) => (on ? '1' : '0'))
        .join('')
        .matchAll(/1+/g),
      ({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`,
    ),
  );
  return { size, path: stretches.join('') };
}
