import type { CardName } from '../../domain/revision.js';
import type { IntakePhoto } from '../photo.js';
import type { PublicAlert } from '../texts.js';
import { cardWords } from './card-words.js';
import { compose } from './composition.js';
import { FORMATS, STORY_ENDS } from './formats.js';
import { type Pixels, readPhoto } from './photo-frame.js';
import { betweenEnds, jpegOf, pixelsOf } from './picture.js';
import { printSize, sheetOf } from './sheet.js';
import { COLOURS, INK } from './style.js';

/**
 * Makes the cards of an alert. The same alert and photo give the same bytes.
 * @param photo without one, the names take its place
 */
export async function renderCards(
  alert: PublicAlert,
  photo: IntakePhoto | undefined,
): Promise<Readonly<Record<CardName, Buffer>>> {
  const words = cardWords(alert);
  const poster = compose(words, FORMATS.poster, photo);
  // Decoded once, for the poster, which needs the most of it.
  const pixels = photo && poster.photo && (await readPhoto(photo, printSize(poster, poster.photo)));
  const draw = async (card: 'feed' | 'square'): Promise<Pixels> =>
    pixelsOf(compose(words, FORMATS[card], photo), pixels);
  const feed = draw('feed');
  const asStory = (of: Pixels): Pixels =>
    betweenEnds(
      of,
      { rows: STORY_ENDS.above, colour: COLOURS[words.tier].fill },
      { rows: STORY_ENDS.below, colour: INK },
    );
  const made = await Promise.all([
    feed.then(jpegOf),
    draw('square').then(jpegOf),
    feed.then(asStory).then(jpegOf),
    sheetOf(poster, pixels, alert.marker),
  ]);
  return { feed: made[0], square: made[1], story: made[2], poster: made[3] };
}
