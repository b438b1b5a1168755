import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import sharp from 'sharp';
import { exampleReport } from '../src/cli/report-file.js';
import type { CaseAnswer } from '../src/cli/staff-client.js';
import { ACCOUNT_CHANNELS, type ChannelName, CHANNELS } from '../src/domain/channel.js';
import { ACCOUNT_WATCH } from '../src/temporal/account-watch-schedule.js';
import { caseWorkflowId } from '../src/temporal/case-workflow-id.js';
import type { CaseNumber } from '../src/domain/case-number.js';
import type { Effect } from '../src/simulator/effect.js';
import type { ListedCall } from '../src/simulator/call-list.js';
import { DESK_TIER } from './ground.js';
import type { Lane } from './lane.js';
import type { PlannedAct, StormPlan } from './plan.js';
import { seenNow, sightingsOf, type Sighting } from './sightings.js';
import { breachesAfterTheEnd, breachesOf, breachesOfClosing, breachesWhileActive } from './verdict.js';

const OPERATOR = 'operator-1';
const SUPERVISOR = 'supervisor-1';
const ADMINISTRATOR = 'admin-1';

/**
 * A storm that has raged for so long passes: what has not struck by then is taken back. In milliseconds; longer than a removal that was
 * lost with its worker is waited for, with another step before it.
 */
const PASSES_AFTER_MS = 100_000;
/** Leaves, after that, more than any wait that a storm can have left behind: five minutes for what was refused again and again. */
const SETTLES_WITHIN_MS = 450_000;
const LOOK_EVERY_MS = 500;
/** A call is to be caught while it is under way. */
const WATCH_EVERY_MS = 25;

/** For as long as nobody takes it back. */
const REFUSES_TO_DELETE = {
  endpoint: 'instagram.deleteMedia',
  fault: 'deleteRefused',
  count: 1_000_000,
  probability: 1,
} as const;

/** What came of a storm. */
export interface Outcome {
  readonly plan: StormPlan;
  readonly caseNumber: string | undefined;
  /** In a sentence each; empty when the invariants held. */
  readonly breaches: readonly string[];
  /** The simulator's log of the case, and the calls that came meanwhile. */
  readonly effects: readonly Effect[];
  readonly calls: readonly ListedCall[];
  readonly seconds: number;
}

/** Something that a storm is not to end with. */
class Breach extends Error {
  override readonly name = 'Breach';

  constructor(readonly breaches: readonly string[]) {
    super(breaches.join('; '));
  }
}

/**
 * Lets a storm rage in a lane, from the report of a case to its end.
 * @throws the signal's reason when it is given up
 */
export async function rage(plan: StormPlan, lane: Lane, signal: AbortSignal): Promise<Outcome> {
  const storm = new Storm(plan, lane, signal);
  const began = performance.now();
  let breaches: readonly string[] = [];
  try {
    await storm.rage();
  } catch (error) {
    signal.throwIfAborted();
    breaches = error instanceof Breach ? error.breaches : [inspect(error)];
  }
  const { effects, calls } = await storm.clearUp();
  return { plan, caseNumber: storm.caseNumber, breaches, effects, calls, seconds: (performance.now() - began) / 1000 };
}

class Storm {
  caseNumber: CaseNumber | undefined;
  /** Where the simulator's log and its list of calls stood when the storm began. */
  #began = { effect: 0, call: 0 };
  #effects: Effect[] = [];
  #revision = 1;
  readonly #approvedAt = new Map<number, number>();
  readonly #confirmedAt: number[] = [];
  #killed: Promise<void> | undefined;
  #hasDeleted = false;
  /** What our own people have said for the desk. */
  readonly #said = new Set<string>();
  #report: Record<string, unknown> = {};

  constructor(
    private readonly plan: StormPlan,
    private readonly lane: Lane,
    private readonly signal: AbortSignal,
  ) {}

  async rage(): Promise<void> {
    const { channels } = this.lane;
    this.#began = {
      effect: (await channels.effects(0)).at(-1)?.seq ?? 0,
      call: (await channels.calls(0)).at(-1)?.seq ?? 0,
    };
    this.#report = exampleReport() as Record<string, unknown>;
    if (this.plan.desk) {
      this.#report = { ...this.#report, tier: DESK_TIER };
      await channels.staffDesk(this.plan.desk);
    }
    const { caseNumber } = await this.lane.as(OPERATOR).report(this.#report, await aPhoto(this.plan.seed));
    this.caseNumber = caseNumber;
    for (const [index, act] of this.plan.acts.entries()) {
      for (const { beforeAct, ...fault } of this.plan.faults) if (beforeAct === index) await channels.arm(fault);
      if (act.do === 'found' && this.plan.stubborn) await channels.arm(REFUSES_TO_DELETE);
      if (this.plan.kill.duringAct === index) this.#killed = this.#kill();
      this.#killed?.catch(() => undefined);
      await this.#perform(act);
      if (act.then !== 'settle') await sleep(act.then, undefined, { signal: this.signal });
      else if (act.do === 'found') await this.#settlesDown();
      else await this.#settlesActive();
    }
    if (!this.#killed) throw new Error('no worker was killed');
    if ((await this.#calls()).every(({ fault }) => fault === undefined)) throw new Error('no fault has struck');
  }

  /** Leaves the lane to the next storm. @returns what the simulator has to tell of this one */
  async clearUp(): Promise<Pick<Outcome, 'effects' | 'calls'>> {
    await this.lane.channels.calm();
    await this.#killed?.catch(() => undefined);
    const calls = await this.#calls();
    const effects = await this.lane.channels.effects(this.#began.effect);
    if (this.caseNumber) {
      // What is only watched for what may still surface would go on calling in the next storm.
      const handle = this.lane.temporal.workflow.getHandle(caseWorkflowId(this.caseNumber));
      await handle.terminate('its storm is over').catch(() => undefined);
    }
    return { effects, calls };
  }

  async #perform(act: PlannedAct): Promise<void> {
    const { caseNumber, lane } = this;
    if (!caseNumber) throw new Error('there is no case');
    const supervisor = lane.as(SUPERVISOR);
    switch (act.do) {
      case 'publish': {
        const digest = await supervisor.digestOf(caseNumber, 1);
        const { criteria } = await supervisor.readCase(caseNumber);
        this.#approvedAt.set(1, Date.now());
        await supervisor.approve(caseNumber, { digest, criteria: criteria.map(({ id }) => id) });
        return;
      }
      case 'amend': {
        const number = this.#revision + 1;
        this.#report = { ...this.#report, circumstances: { ar: `تحديث ${number}`, en: `Update ${number}` } };
        const photo = act.newPhoto ? await aPhoto(this.plan.seed + number) : undefined;
        await lane.as(OPERATOR).amend(caseNumber, this.#report, photo);
        const digest = await supervisor.digestOf(caseNumber, number);
        this.#revision = number;
        this.#approvedAt.set(number, Date.now());
        await supervisor.command(caseNumber, 'approve-amendment', { digest, removeFirst: act.removeFirst });
        return;
      }
      case 'widen':
        return supervisor.command(caseNumber, 'widen', {});
      case 'found':
        return lane.as(OPERATOR).childFound(caseNumber, 'recovered_otherwise');
    }
  }

  async #kill(): Promise<void> {
    const { onCallOf, orAfterMs } = this.plan.kill;
    const after = (await this.lane.channels.calls(this.#began.call)).at(-1)?.seq ?? this.#began.call;
    const deadline = Date.now() + orAfterMs;
    while (Date.now() < deadline) {
      if ((await this.lane.channels.calls(after)).some(({ endpoint }) => endpoint === onCallOf)) break;
      await sleep(WATCH_EVERY_MS, undefined, { signal: this.signal });
    }
    this.signal.throwIfAborted();
    await this.lane.killWorker();
  }

  /** Waits until the public sees one post a channel, of the newest approved revision, and nothing is under way that could change it. */
  async #settlesActive(): Promise<void> {
    const isRight = (theCase: CaseAnswer): boolean =>
      theCase.status === 'active' &&
      theCase.publications.every(
        ({ wanted, there, inFlight }) =>
          inFlight === null &&
          wanted === this.#revision &&
          there.length === 1 &&
          there.every(({ state, revision }) => state === 'live' && revision === wanted),
      );
    const channels = this.plan.desk ? CHANNELS : ACCOUNT_CHANNELS;
    await this.#settles(() => breachesWhileActive(this.#sightings(), this.#revision, channels), isRight);
  }

  /** Waits until nothing is seen any more and the case has closed, or does nothing but watch for what may yet surface. */
  async #settlesDown(): Promise<void> {
    const isClosed = ({ status }: CaseAnswer): boolean => status === 'resolved';
    const onlyWatches = ({ status, publications }: CaseAnswer): boolean =>
      status === 'standing_down' &&
      publications.every(({ there, inFlight }) => inFlight === null && there.every(({ state }) => state === 'watched'));
    await this.#killed;
    await this.#settles(
      () => breachesAfterTheEnd(this.#sightings()),
      (theCase) => isClosed(theCase) || onlyWatches(theCase),
    );
  }

  /**
   * Waits until the public sees what it should, the case agrees, and no call is under way; then looks once more, at what all calls did.
   * @throws Breach as soon as an invariant is broken, and when it takes too long
   */
  async #settles(wrong: () => string[], isAsWanted: (theCase: CaseAnswer) => boolean): Promise<void> {
    const began = Date.now();
    let passed = false;
    for (;;) {
      this.signal.throwIfAborted();
      const calls = await this.#calls();
      await this.#readLog();
      if (calls.every(({ status }) => status !== undefined)) {
        const theCase = wrong().length === 0 ? await this.#read() : undefined;
        if (theCase && isAsWanted(theCase)) return;
        await this.#seeTo(theCase);
      }
      if (!passed && Date.now() - began > PASSES_AFTER_MS) {
        passed = true;
        await this.lane.channels.calm();
      }
      if (Date.now() - began > SETTLES_WITHIN_MS) {
        throw new Breach([
          `it has not settled within ${SETTLES_WITHIN_MS / 1000} s`,
          ...wrong(),
          standingOf(await this.#read()),
        ]);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.signal });
    }
  }

  /** A person who was told that the alert stays up deletes it in the app, and says so. */
  async #deleteByHand(theCase: CaseAnswer): Promise<void> {
    const isTold = theCase.timeline.some(
      ({ type, fields }) =>
        type === 'rungNotified' && fields.about === 'notStoodDown' && fields.channel === 'instagram',
    );
    if (!this.plan.stubborn || this.#hasDeleted || theCase.status !== 'standing_down' || !isTold) return;
    this.#hasDeleted = true;
    const { channels } = this.lane;
    await channels.calm();
    const left = seenNow(this.#sightings()).filter(({ channel }) => channel === 'instagram');
    // The case may just have deleted it: then there is nothing to say.
    if (left.length === 0) return;
    for (const { id } of left) await channels.deleteByHand(id);
    await this.lane.as(ADMINISTRATOR).command(theCase.caseNumber, 'confirm-removed', { channel: 'instagram' });
  }

  /** What people and the account watch have to see to. */
  async #seeTo(known: CaseAnswer | undefined): Promise<void> {
    const theCase = known ?? (await this.#read());
    const { caseNumber } = theCase;
    // As it is now, or what was done since the last look and before the case was read would count as not done.
    await this.#readLog();
    await this.#deleteByHand(theCase);
    if (this.plan.desk?.confirms === 'never') await this.#sayForDesk(theCase);
    if (theCase.status === 'resolved') {
      const closedAt = theCase.timeline.find(({ type }) => type === 'closed')?.at;
      const breaches = breachesOfClosing(this.#sightings(), Date.parse(closedAt ?? ''));
      if (breaches.length > 0) throw new Breach(breaches);
      // Something has surfaced since: the account watch's own round would come within two minutes.
      await this.lane.temporal.schedule.getHandle(ACCOUNT_WATCH).trigger();
      await sleep(2_000, undefined, { signal: this.signal });
    }
    for (const { channel, hold } of theCase.publications) {
      if (hold?.cause !== 'notFound' || theCase.status !== 'active') continue;
      // A named person looks at the account, and says what is so.
      if (this.#sees(channel as ChannelName)) continue;
      this.#confirmedAt.push(Date.now());
      await this.lane.as(ADMINISTRATOR).command(caseNumber, 'confirm-removed', { channel });
    }
  }

  /** Somebody at the desk telephones, and one of our own people says what was done there. */
  async #sayForDesk({ caseNumber, publications }: CaseAnswer): Promise<void> {
    const publication = publications.find(({ channel }) => channel === 'meta-partner');
    if (publication?.inFlight !== null) return;
    const { wanted, there } = publication;
    const say = async (command: string, revisions: readonly number[]): Promise<void> => {
      const what = `${command} ${revisions.join()}`;
      if (this.#said.has(what)) return;
      this.#said.add(what);
      await this.lane.as(SUPERVISOR).command(caseNumber, command, { channel: publication.channel });
    };
    const asked = there.filter(({ revision, state }) => revision === wanted && state === 'handedOver');
    if (asked.length > 0 && this.#sees('meta-partner')) await say('confirm-published', [this.#revision]);
    const unwanted = there.filter(({ revision }) => revision !== wanted);
    const isGone = unwanted.every(
      ({ state, revision }) => state === 'takenBack' && !this.#sees('meta-partner', revision),
    );
    if (unwanted.length > 0 && isGone)
      await say(
        'confirm-removed',
        unwanted.map(({ revision }) => revision),
      );
  }

  #sees(channel: ChannelName, revision = this.#revision): boolean {
    return seenNow(this.#sightings()).some((one) => one.channel === channel && one.revision === revision);
  }

  async #readLog(): Promise<void> {
    this.#effects.push(...(await this.lane.channels.effects(this.#effects.at(-1)?.seq ?? this.#began.effect)));
    const { strategy } = this.plan;
    const conduct = { strategy, approvedAt: this.#approvedAt, confirmedAt: this.#confirmedAt };
    const breaches = breachesOf(this.#sightings(), conduct);
    if (breaches.length > 0) throw new Breach(breaches);
  }

  #sightings(): Sighting[] {
    return sightingsOf(this.caseNumber ?? '', this.#effects);
  }

  #calls(): Promise<ListedCall[]> {
    return this.lane.channels.calls(this.#began.call);
  }

  #read(): Promise<CaseAnswer> {
    return this.lane.as(SUPERVISOR).readCase(this.caseNumber ?? '');
  }
}

/** How a case stands, in words for whoever looks for the cause. */
function standingOf({ status, publications, timeline }: CaseAnswer): string {
  const last = timeline.slice(-12).map(({ at, type, fields }) => `    ${at} ${type} ${JSON.stringify(fields)}`);
  const channels = publications.map((publication) => `    ${JSON.stringify(publication)}`);
  return [`the case hangs in ${status}`, ...channels, ...last].join('\n');
}

/** A drawing in place of a photo, another for each number. */
async function aPhoto(number: number): Promise<Uint8Array<ArrayBuffer>> {
  const [r, g, b] = [number, number >> 3, number >> 6].map((part) => 60 + (part % 8) * 20);
  const create = { width: 400, height: 500, channels: 3 as const, background: { r: r ?? 0, g: g ?? 0, b: b ?? 0 } };
  return Uint8Array.from(await sharp({ create }).jpeg().toBuffer());
}
