import type { Tier } from '../../domain/policy.js';

/** In the units of a drawing that is 1080 wide, as are the sizes. */
export const WIDTH = 1080;
export const MARGIN = 48;
/** Between what stands beside each other. */
export const GUTTER = 40;

export const INK = '#14171c';
export const PAPER = '#ffffff';
export const GREY = '#5a6370';
export const PALE = '#c5cbd4';
export const RULE = '#dde1e7';

/** One colour for each tier: for an area and for what is written on it, for letters on {@link INK}, and as a tint. */
export const COLOURS: Readonly<Record<Tier, Readonly<Record<'fill' | 'onFill' | 'onInk' | 'tint', string>>>> = {
  amber: { fill: '#ffb300', onFill: '#191300', onInk: '#ffc440', tint: '#fff3d0' },
  missing: { fill: '#0b5cab', onFill: '#ffffff', onInk: '#93ccff', tint: '#e3effa' },
};

/** Ems from the first choice down. A phone that is 360 px wide shows a third of them: 33 is as small as can be read at arm's length. */
export const SIZES = {
  title: [62, 56, 50, 44],
  subtitle: [36],
  banner: [38, 36, 34, 32],
  name: [96, 88, 80, 72, 66, 60, 54, 48, 44, 40, 36],
  nameAlone: [132, 120, 108, 96, 86, 76, 68, 60, 54, 48, 42],
  fact: [44, 44, 44, 42, 42, 40, 40, 38, 38, 36, 34],
  label: [32],
  place: [46, 42, 40, 38, 36],
  time: [36, 36, 36, 34, 33],
  description: [34, 32, 30, 28, 26, 24, 22],
  telephone: [116, 110, 104, 98, 92, 86, 80, 74, 68],
  call: [38],
  authority: [30, 28, 26],
  marker: [22, 20, 18],
} as const;
