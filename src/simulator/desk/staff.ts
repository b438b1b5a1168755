import { setTimeout as delay } from 'node:timers/promises';
import type { EffectsLog } from '../effects-log.js';
import { newCallId } from '../ids.js';
import type { Settings } from '../settings.js';
import { canDo, type DeskAlert, type DeskRequest, requestOf, stateOf } from './desk.js';

const NAME = 'Simulated desk · مكتب محاكى';
const PATIENCE_MS = 10_000;
/** So long somebody waits, at the least, who could not confirm. */
const AGAIN_AFTER_MS = 1_000;

/** The people at the desk: they do what a message asks, when told to, or by themselves some time after it came. */
export class DeskStaff {
  readonly #busy = new Set<string>();
  readonly #planned = new Set<string>();

  constructor(
    private readonly log: EffectsLog,
    private readonly settings: Settings,
    private readonly stopping: AbortSignal,
  ) {}

  /** Takes on by itself whatever waits, if that is how the desk is set. */
  lookOverAll(): void {
    for (const { requests } of this.log.world.desk.alerts.values()) for (const { id } of requests) this.arrived(id);
  }

  /** A message has come. */
  arrived(id: string): void {
    if (this.settings.deskConfirmsAfterMs !== undefined) this.#plan(id, this.settings.deskConfirmsAfterMs);
  }

  /**
   * Does what a message asks and confirms it at the link that came with it; what is done already is only confirmed.
   * @param confirms how; once when left out
   * @returns whether there is such a message, and anything to do
   */
  async act(id: string, confirms: Settings['deskConfirms'] = 'once'): Promise<boolean> {
    const found = requestOf(this.log.world.desk, id);
    if (!found || !canDo(found.alert, found.request) || this.#busy.has(id)) return false;
    this.#busy.add(id);
    try {
      this.#show(found.alert, found.request);
      const { confirmUrl } = found.request;
      if (confirmUrl === null || confirms === 'never') return true;
      const said = confirms === 'twice' ? [confirmUrl, confirmUrl] : [confirmUrl];
      await Promise.all(
        said.map(async (url) => {
          const status = await this.#confirm(url);
          if (!this.stopping.aborted) this.log.append(newCallId(), { type: 'desk.confirmed', messageId: id, status });
        }),
      );
    } finally {
      this.#busy.delete(id);
    }
    return true;
  }

  /** Changes what the public sees. */
  #show({ caseNumber, revision, shown }: DeskAlert, { id, kind, radiusKm, doneAt }: DeskRequest): void {
    const about = { messageId: id, caseNumber, revision };
    if (doneAt !== undefined) return;
    if (kind === 'remove') {
      if (shown) this.log.append(newCallId(), { type: 'desk.removed', ...about });
    } else if (radiusKm !== null) {
      this.log.append(newCallId(), {
        type: kind === 'publish' ? 'desk.published' : 'desk.widened',
        ...about,
        radiusKm,
      });
    }
  }

  /** Opens the link, and fills in its form if there is one. @returns the last HTTP status; null when there was none */
  async #confirm(url: string): Promise<number | null> {
    const signal = AbortSignal.any([this.stopping, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const asked = await fetch(url, { redirect: 'manual', signal });
      const page = await asked.text();
      if (asked.status !== 200 || !page.includes('<form')) return asked.status;
      const said = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ name: NAME }),
        redirect: 'manual',
        signal,
      });
      await said.body?.cancel();
      return said.status;
    } catch {
      return null;
    }
  }

  #plan(id: string, afterMs: number): void {
    if (this.#planned.has(id)) return;
    this.#planned.add(id);
    void delay(afterMs, undefined, { signal: this.stopping }).then(
      async () => {
        this.#planned.delete(id);
        const { deskConfirmsAfterMs, deskConfirms } = this.settings;
        if (deskConfirmsAfterMs === undefined) return;
        await this.act(id, deskConfirms);
        if (deskConfirms !== 'never') this.#tryAgain(id);
      },
      () => undefined,
    );
  }

  /** Nobody gives up because the service was away. */
  #tryAgain(id: string): void {
    const found = requestOf(this.log.world.desk, id);
    if (this.stopping.aborted || !found || stateOf(found.alert, found.request) !== 'unconfirmed') return;
    const status = found.request.confirmation?.status ?? null;
    if (status === null || status >= 500) this.#plan(id, AGAIN_AFTER_MS);
  }
}
