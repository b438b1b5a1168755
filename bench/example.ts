import type { Effect } from '../src/simulator/effect.js';
import type { Example } from './bare-cases.js';

/**
 * Reads from the simulator's effects what a case of ours has posted.
 * @throws Error when it is not live on both channels
 */
export async function exampleOf(
  caseNumber: string,
  effects: readonly Effect[],
  simulatorUrl: string,
): Promise<Example> {
  const first = <T extends Effect['type']>(type: T, isIt: (effect: Extract<Effect, { type: T }>) => boolean) => {
    const found = effects.find(
      (effect): effect is Extract<Effect, { type: T }> =>
        effect.type === type && isIt(effect as Extract<Effect, { type: T }>),
    );
    if (found === undefined) throw new Error(`${caseNumber} has caused no ${type}`);
    return found;
  };
  const imageOf = async (sha256: string): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await fetch(`${simulatorUrl}/simulator/images/${sha256}`);
    if (!response.ok) throw new Error(`the simulator has no image ${sha256}`);
    return new Uint8Array(await response.arrayBuffer());
  };

  const post = first('post.created', ({ message }) => message.includes(caseNumber));
  const photo = first('photo.created', ({ photoId }) => post.photoIds.includes(photoId));
  const container = first('container.created', ({ caption }) => caption.includes(caseNumber));
  const { containerId, caption } = container;
  const ingested = first('container.finished', (effect) => effect.containerId === containerId);
  return {
    caseNumber,
    countries: post.targeting?.geo_locations?.countries ?? [],
    posts: {
      facebook: { text: post.message, altText: photo.altText ?? '', image: await imageOf(photo.image.sha256) },
      instagram: { text: caption, altText: container.altText ?? '', image: await imageOf(ingested.image.sha256) },
    },
  };
}
