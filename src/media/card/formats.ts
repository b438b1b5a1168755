import type { CardName } from '../../domain/revision.js';
import type { Format } from './composition.js';

/** What each card is made into: pictures 1080 pixels wide, and a sheet of A4. */
export const CARD_TYPES = {
  feed: 'image/jpeg',
  square: 'image/jpeg',
  story: 'image/jpeg',
  poster: 'application/pdf',
} as const satisfies Readonly<Record<CardName, string>>;

/** The bands of each card that is composed: 4:5, 1:1 and, as high as it is wide times the square root of two, A4. */
export const FORMATS: Readonly<Record<Exclude<CardName, 'story'>, Format>> = {
  feed: { header: 144, child: 664, lastSeen: 284, description: 0, call: 258 },
  square: { header: 126, child: 482, lastSeen: 250, description: 0, call: 222 },
  poster: { header: 150, child: 604, lastSeen: 244, description: 269, call: 260 },
};

/** What a story (9:16) has above and below a feed card, whose own bands stay clear of what apps draw over the ends of a story. */
export const STORY_ENDS = { above: 290, below: 280 };
