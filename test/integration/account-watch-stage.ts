import { ALL_MET } from '../given/a-case.js';
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import {
  type AccountWatchActivities,
  createAccountWatchActivities,
  type Look,
  type RemovalOutcome,
} from '../../src/activities/account-watch-activities.js';
import { createFacebookAccount } from '../../src/channels/facebook-account.js';
import { createFacebookChannel } from '../../src/channels/facebook.js';
import { createInstagramAccount } from '../../src/channels/instagram-account.js';
import { createInstagramChannel } from '../../src/channels/instagram.js';
import { marker } from '../../src/domain/case-number.js';
import type { Notice } from '../../src/domain/notice.js';
import type { AccountChannel } from '../../src/domain/channel.js';
import type { AlertChannel } from '../../src/ports/alert-channel.js';
import { createAccountFindings } from '../../src/store/account-findings.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { aNewReport, type CaseLife, lifeOf } from '../given/a-stored-case.js';
import { anAlert, aRun, type Meta, placed, PRIVATE_TEXT } from './channels-stage.js';
import type { TestDatabase } from './database.js';

/** A case in the database, and on the accounts. */
export class CaseOnAccounts {
  readonly #life: CaseLife;
  readonly number: string;
  /** The ids of its posts, as they are on the accounts. */
  readonly posts: Partial<Record<AccountChannel, string>> = {};

  private constructor(
    private readonly watch: WatchUnderTest,
    private readonly report: NewReport,
    life: CaseLife,
  ) {
    this.#life = life;
    this.number = report.caseNumber;
    watch.cases.set(this.number, this);
  }

  static async reported(watch: WatchUnderTest): Promise<CaseOnAccounts> {
    const report = aNewReport();
    const stored = await createCaseStore(watch.database.pool, 'all').storeReport(report);
    return new CaseOnAccounts(watch, report, lifeOf(report, stored));
  }

  /** Approved and live on both channels, and all of it journalled. */
  static async live(watch: WatchUnderTest): Promise<CaseOnAccounts> {
    const theCase = await CaseOnAccounts.reported(watch);
    theCase.approve();
    for (const channel of ['facebook', 'instagram'] as const) await theCase.publish(channel);
    await theCase.journal();
    return theCase;
  }

  /** Ended before anything was known to be on any channel, and closed. */
  static async closed(watch: WatchUnderTest): Promise<CaseOnAccounts> {
    const theCase = await CaseOnAccounts.reported(watch);
    theCase.#life.answer({ ...SUPERVISOR, kind: 'reject', commandId: 'reject' }, 'reject');
    await theCase.journal();
    return theCase;
  }

  /** The number of the newest entry, written or not. */
  get newest(): number {
    return this.#life.batch().entries.length;
  }

  approve(): void {
    const { digest } = this.report.revision;
    this.#life.answer({ ...SUPERVISOR, kind: 'approve', criteria: ALL_MET, commandId: 'approve', digest }, 'approve');
  }

  async publish(channel: AccountChannel): Promise<void> {
    const adapter = this.watch.channels[channel];
    const step = { revision: 1, digest: this.report.revision.digest };
    const staged = await adapter.stage(this.#alert(1), aRun());
    this.#life.step(channel, { ...step, kind: 'stage', objectId: null }, { result: 'staged', ...staged });
    const { id } = staged.object;
    const post = await adapter.publish(placed(id), aRun());
    if (typeof post === 'string') throw new Error(post);
    this.posts[channel] = post.postId ?? id;
    this.#life.step(channel, { ...step, kind: 'publish', objectId: id }, { result: 'live', ...post });
  }

  /** Something of this case's that the case knows nothing of; returns its staged id. */
  async strayObject(channel: AccountChannel, revision = 1): Promise<string> {
    return (await this.watch.channels[channel].stage(this.#alert(revision), aRun())).object.id;
  }

  /** The same, live; returns the id under which it is on the account. */
  async strayPost(channel: AccountChannel, revision = 1): Promise<string> {
    const id = await this.strayObject(channel, revision);
    const post = await this.watch.channels[channel].publish(placed(id), aRun());
    if (typeof post === 'string') throw new Error(post);
    return post.postId ?? id;
  }

  async journal(): Promise<void> {
    await createCaseJournal(this.watch.database.pool).append(this.#life.batch());
  }

  #alert(revision: number): ReturnType<typeof anAlert> {
    // Facebook refuses the same text twice running; the case's own and a stray one differ in a word.
    const text = `MISSING: ${PRIVATE_TEXT}. ${randomUUID()}\n\n${marker(this.number, revision)}`;
    return anAlert(this.watch.imageUrl, { caseNumber: this.number, revision, text });
  }
}

const SUPERVISOR = { number: null, actor: 'supervisor-1', role: 'supervisor', at: Date.UTC(2026, 10, 24) } as const;

/** What one run did on one channel. */
export interface Run {
  readonly look: Look;
  readonly removals: Readonly<Record<string, RemovalOutcome['result']>>;
}

/** The activities of the account watch, over a real database and the simulator, with a clock that the test moves. */
export class WatchUnderTest {
  readonly cases = new Map<string, CaseOnAccounts>();
  readonly notices: Notice[] = [];
  readonly channels: Readonly<Record<AccountChannel, AlertChannel>>;
  /** How far the test's clock is ahead. */
  ahead = 0;
  /** What a case says of itself, when it is asked how far it has come. */
  newestEntry = (caseNumber: string): number | null => this.cases.get(caseNumber)?.newest ?? null;
  /** Happens after an account was listed, before anything is read from the database. */
  afterListing = (): Promise<void> => Promise.resolve();

  readonly #activities: AccountWatchActivities;

  constructor(
    readonly database: TestDatabase,
    readonly meta: Meta,
    readonly imageUrl: string,
  ) {
    const { graph, caller } = meta;
    const page = { graph, pageId: caller.page };
    const account = { graph, igUserId: caller.account };
    this.channels = {
      facebook: createFacebookChannel({ ...page, audience: 'simulator' }),
      instagram: createInstagramChannel({ ...account, audience: 'simulator' }),
    };
    const accounts = { facebook: createFacebookAccount(page), instagram: createInstagramAccount(account) };
    const listing = (name: AccountChannel): (typeof accounts)['facebook'] => ({
      ...accounts[name],
      list: async (since, run) => {
        const posts = await accounts[name].list(since, run);
        await this.afterListing();
        return posts;
      },
    });
    this.#activities = createAccountWatchActivities({
      accounts: { facebook: listing('facebook'), instagram: listing('instagram') },
      channels: this.channels,
      findings: createAccountFindings(database.pool),
      newestEntry: (caseNumber) => Promise.resolve(this.newestEntry(caseNumber)),
      notifier: {
        notify: (notice) => {
          this.notices.push(notice);
          return Promise.resolve();
        },
      },
      administrators: () => ['admin-1'],
      now: () => Date.now() + this.ahead,
    });
  }

  async look(channel: AccountChannel, run: string = randomUUID(), whole = true): Promise<Look> {
    return this.#inside(() => this.#activities.lookOverAccount({ channel, run, whole }));
  }

  /** One run, as the workflow does it. */
  async run(channel: AccountChannel): Promise<Run> {
    const run = randomUUID();
    const look = await this.look(channel, run);
    const removals: Record<string, RemovalOutcome['result']> = {};
    for (const unwanted of look.result === 'seen' ? look.unwanted : []) {
      const outcome = await this.#inside(() => this.#activities.removeUnwanted({ channel, ...unwanted }));
      removals[unwanted.objectId] = outcome.result;
    }
    const quotas = look.result === 'seen' && look.quota ? { [channel]: look.quota } : {};
    await this.#inside(() => this.#activities.tellAdministrators({ run, quotas }));
    return { look, removals };
  }

  /** The ids of what the public sees, sorted. */
  async public(channel: AccountChannel): Promise<string[]> {
    const { caller } = this.meta;
    const list = channel === 'facebook' ? `${caller.page}/feed` : `${caller.account}/media`;
    return (await caller.list(list)).sort();
  }

  async findings(): Promise<Record<string, unknown>[]> {
    const { rows } = await this.database.pool.query<Record<string, unknown>>(
      `SELECT channel, object_id AS id, case_number AS "caseNumber", revision, verdict, outcome, runs,
         removed_at IS NOT NULL AS settled
       FROM account_findings ORDER BY channel, first_seen, object_id`,
    );
    return rows;
  }

  #inside<T>(work: () => Promise<T>): Promise<T> {
    const environment = new MockActivityEnvironment({ startToCloseTimeoutMs: 40_000 });
    return environment.run<[], T, () => Promise<T>>(work);
  }
}
