import type { SimulatedMeta } from '../src/embedded/environments.js';
import type { Effect } from '../src/simulator/effect.js';
import type { ListedCall } from '../src/simulator/call-list.js';
import type { CallTimes } from '../src/simulator/call-times.js';
import type { DeskManner, PlannedFault } from './plan.js';

/** The simulated Meta of a lane, through its control API. */
export class SimulatedChannels {
  constructor(private readonly meta: SimulatedMeta) {}

  /** What took effect after the effect with this number. */
  async effects(after: number): Promise<Effect[]> {
    const { effects } = (await this.#ask('GET', `effects?after=${after}`)) as { effects: Effect[] };
    return effects;
  }

  /** The calls that came after the call with this number. */
  async calls(after: number): Promise<ListedCall[]> {
    const { calls } = (await this.#ask('GET', `calls?after=${after}`)) as { calls: ListedCall[] };
    return calls;
  }

  async arm(fault: PlannedFault): Promise<void> {
    await this.#ask('POST', 'faults', fault);
  }

  /** Takes back whatever has not struck. */
  async calm(): Promise<void> {
    await this.#ask('DELETE', 'faults');
  }

  /** Lets the partner desk do by itself what it is asked. */
  async staffDesk(manner: DeskManner): Promise<void> {
    await this.#ask('PUT', 'desk', manner);
  }

  /** Lets calls take so long. */
  async take(times: CallTimes): Promise<void> {
    await this.#ask('PUT', 'call-times', times);
  }

  /** Deletes a media as a person does in the app. */
  async deleteByHand(mediaId: string): Promise<void> {
    const { url, accessToken } = this.meta;
    const headers = { Authorization: `Bearer ${accessToken}` };
    const response = await fetch(`${url}/v26.0/${mediaId}`, { method: 'DELETE', headers });
    if (!response.ok) throw new Error(`the simulator does not delete ${mediaId}: ${await response.text()}`);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.meta.url}/simulator/${path}`, {
      method,
      ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`the simulator refuses ${method} ${path}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }
}
