import { appendFileSync, closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { effectSchema, type Effect, type EffectBody } from './effect.js';
import { emptyWorld, evolve, type World } from './world.js';

const accountsSchema = z.object({ pageId: z.string(), igUserId: z.string(), accessToken: z.string() });
const headerSchema = accountsSchema.extend({ mafqoodSimulator: z.literal(1) });

/** The Facebook Page, the Instagram account and the token that opens both. */
export type Accounts = z.infer<typeof accountsSchema>;

/**
 * What happened to the accounts, in order. The world is what the effects add up to, and nothing else.
 *
 * With a file, an effect is in it before `append` returns, so a process killed after an answer has lost nothing it
 * answered. (The operating system still holds it: a power cut may lose the last moments.)
 */
export class EffectsLog {
  readonly world: World = emptyWorld();
  readonly #effects: Effect[] = [];
  #closed = false;

  private constructor(
    readonly accounts: Accounts,
    private readonly descriptor: number | undefined,
  ) {}

  /** A log that ends with the process. */
  static inMemory(accounts: Accounts): EffectsLog {
    return new EffectsLog(accounts, undefined);
  }

  /**
   * Opens the log kept in `path`, or begins it. A last line cut off by a crash was never answered and is dropped.
   * @param wanted accounts asked for; a kept file must agree with each one given
   * @param fresh the accounts of a file that has to be begun
   * @throws Error if the file belongs to other accounts, or is damaged before its last line
   */
  static inFile(path: string, wanted: Partial<Accounts>, fresh: Accounts): EffectsLog {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a+', 0o600);
    try {
      const content = readFileSync(descriptor);
      const whole = content.subarray(0, content.lastIndexOf('\n') + 1);
      if (whole.length < content.length) ftruncateSync(descriptor, whole.length);

      const [header, ...lines] = whole.toString('utf8').split('\n').slice(0, -1);
      if (header === undefined) {
        appendFileSync(descriptor, `${JSON.stringify({ mafqoodSimulator: 1, ...fresh })}\n`);
        return new EffectsLog(fresh, descriptor);
      }

      const { pageId, igUserId, accessToken } = parseLine(headerSchema, header, path, 1);
      const kept: Accounts = { pageId, igUserId, accessToken };
      for (const name of ['pageId', 'igUserId', 'accessToken'] as const) {
        if (wanted[name] !== undefined && wanted[name] !== kept[name]) {
          throw new Error(`${path} was begun with another ${name}; leave it out, or give another file`);
        }
      }
      const log = new EffectsLog(kept, descriptor);
      lines.forEach((line, index) => {
        const effect = parseLine(effectSchema, line, path, index + 2);
        if (effect.seq !== index + 1) throw new Error(`${path} line ${index + 2}: expected seq ${index + 1}`);
        log.#take(effect);
      });
      return log;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Writes effects of one call down, then lets them happen. Returns only when they are in the file. */
  append(call: string, ...bodies: EffectBody[]): void {
    if (this.#closed) throw new Error('the simulator is closed');
    const at = new Date().toISOString();
    const effects = bodies.map((body, index): Effect => ({
      seq: this.#effects.length + 1 + index,
      at,
      call,
      ...body,
    }));
    if (this.descriptor !== undefined) {
      appendFileSync(this.descriptor, effects.map((effect) => `${JSON.stringify(effect)}\n`).join(''));
    }
    for (const effect of effects) this.#take(effect);
  }

  /** The effects with a number greater than `seq`, in order; all of them for 0. */
  after(seq: number): readonly Effect[] {
    return this.#effects.slice(seq);
  }

  /** Nothing can be appended any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.descriptor !== undefined) closeSync(this.descriptor);
  }

  #take(effect: Effect): void {
    evolve(this.world, effect);
    this.#effects.push(effect);
  }
}

function parseLine<T>(schema: z.ZodType<T>, line: string, path: string, number: number): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`${path} line ${number} is not a line of the simulator's log`, { cause });
  }
}
