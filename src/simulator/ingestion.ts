import { setTimeout as delay } from 'node:timers/promises';
import type { EffectBody } from './effect.js';
import type { EffectsLog } from './effects-log.js';
import { GraphError, type GraphErrorName } from './graph-error.js';
import { fetchImage, ImageFetchError, type FetchProblem } from './image-fetch.js';
import type { ImageStore } from './image-store.js';
import type { Settings } from './settings.js';
import type { Container } from './world.js';

const MAX_IMAGE_BYTES = 8 * 1024 * 1024;
const NARROWEST = 4 / 5;
const WIDEST = 1.91;
/** 1200×628, the size everybody uses for 1.91:1, is a little wider than that. */
const ROUNDING = 0.005;

const REFUSALS: Readonly<Record<FetchProblem, GraphErrorName>> = {
  unreachable: 'instagramFetchFailed',
  'timed out': 'instagramFetchTimedOut',
  'too large': 'instagramImageTooLarge',
  'not an image': 'instagramImageFormat',
};

/** Fetches and checks the images of Instagram containers, after the call that made them was answered. */
export class Ingestion {
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly log: EffectsLog,
    private readonly images: ImageStore,
    private readonly settings: Settings,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Begins with a container; it becomes finished, or an error, by itself.
   * @param problem what prevents the image from being fetched, whatever is at its address
   */
  begin(container: Container, problem?: FetchProblem): void {
    const work = this.#ingest(container, problem)
      .catch((error: unknown) => {
        // Stopping breaks it off; the container is still in progress in the log, and is taken up again at the start.
        if (!this.stopping.aborted) throw error;
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Takes up the containers that were in progress when the log ended. */
  resume(): void {
    for (const container of this.log.world.containers.values()) {
      const { image, errorSubcode, stuck } = container;
      if (image === undefined && errorSubcode === undefined && stuck === undefined) this.begin(container);
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #ingest(container: Container, problem: FetchProblem | undefined): Promise<void> {
    const [outcome] = await Promise.all([
      problem === undefined ? this.#look(container) : refused(container.id, REFUSALS[problem]),
      delay(this.settings.callTimes.containerMs, undefined, { signal: this.stopping }),
    ]);
    this.stopping.throwIfAborted();
    this.log.append(container.call, outcome);
  }

  async #look(container: Container): Promise<EffectBody> {
    const containerId = container.id;
    try {
      const { bytes, image } = await fetchImage(container.imageUrl, MAX_IMAGE_BYTES, this.stopping);
      const ratio = image.width / image.height;
      if (image.format !== 'jpeg') return refused(containerId, 'instagramImageFormat');
      if (ratio < NARROWEST - ROUNDING || ratio > WIDEST + ROUNDING) {
        return refused(containerId, 'instagramAspectRatio');
      }
      this.images.put(image.sha256, bytes);
      return { type: 'container.finished', containerId, image };
    } catch (error) {
      if (error instanceof ImageFetchError) return refused(containerId, REFUSALS[error.problem]);
      throw error;
    }
  }
}

function refused(containerId: string, why: GraphErrorName): EffectBody {
  return { type: 'container.error', containerId, subcode: GraphError.of(why).subcode ?? 0 };
}
