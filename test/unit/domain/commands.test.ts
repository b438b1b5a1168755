import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COMMANDS, parseSignal, ROLES, SIGNALS } from '../../../src/domain/command.js';
import { handle } from '../../../src/domain/handle.js';
import { evolveAll } from '../../../src/domain/evolve.js';
import { ALL_MET, AREA, DIGEST, OTHER_DIGEST, aReport } from '../../given/a-case.js';

/** What any kind of command could ask for. */
const EVERY_FIELD = {
  digest: DIGEST,
  criteria: ALL_MET,
  revision: { number: 2, digest: OTHER_DIGEST, area: AREA, languagesMissing: [] },
  until: '2026-11-25T05:00:00+03:00',
  outcome: 'recovered_otherwise',
  reason: 'hoax',
  channel: 'facebook',
  postId: '1_2',
};

const assigned = { commandId: 'assigned', now: 5_000 };
const opened = evolveAll(null, handle(null, aReport(), 'report-1', 0));

describe('signals', () => {
  it('have the names people were told: approve, childFound and acknowledge among them', () => {
    expect(SIGNALS).toEqual(expect.arrayContaining(['approve', 'reject', 'childFound', 'cancel', 'acknowledge']));
    expect(SIGNALS).not.toContain('report');
  });

  it('of any payload at all are read without an error: as a command or as malformed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SIGNALS), fc.anything(), (signal, payload) => {
        const read = parseSignal(signal, payload, assigned);
        expect([signal, 'malformed']).toContain(read.kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it('say which field is wrong and never repeat what was in it', () => {
    const named = (payload: object): unknown =>
      parseSignal('approve', { actor: 'supervisor-1', role: 'supervisor', digest: DIGEST, ...payload }, assigned);
    expect(named({ actor: 'Somebody With A Name' })).toEqual({
      kind: 'malformed',
      signal: 'approve',
      problem: 'actor',
    });
    expect(named({ role: 'king' })).toMatchObject({ problem: 'role' });
    expect(named({ digest: 'abc' })).toMatchObject({ problem: 'digest' });
    expect(named({ at: 'yesterday' })).toMatchObject({ problem: 'at' });
    expect(named({ at: '2026-11-24T05:20:05' })).toMatchObject({ problem: 'at' });
    expect(named({ number: 0 })).toMatchObject({ problem: 'number' });
    expect(named({ commandId: '' })).toMatchObject({ problem: 'commandId' });
  });

  it('written by hand need only who, as what, and what the kind asks for', () => {
    expect(parseSignal('approve', { actor: 'supervisor-1', role: 'supervisor', digest: DIGEST }, assigned)).toEqual({
      kind: 'approve',
      actor: 'supervisor-1',
      role: 'supervisor',
      digest: DIGEST,
      criteria: { met: [], explained: [] },
      commandId: 'assigned',
      number: null,
      at: 5_000,
    });
  });

  it('that say they come from the future count from when they arrive', () => {
    const named = { actor: 'supervisor-1', role: 'supervisor', at: '9999-12-31T23:59:59Z' };
    expect(parseSignal('return', named, assigned)).toMatchObject({ at: assigned.now });
    expect(parseSignal('return', { ...named, at: '1970-01-01T00:00:04Z' }, assigned)).toMatchObject({ at: 4_000 });
  });
});

describe('commands', () => {
  const stamp = { commandId: 'c', number: 2, at: 0 };
  const approveBy = (actor: string, digest = DIGEST): unknown =>
    handle(opened, { kind: 'approve', role: 'supervisor', actor, digest, criteria: ALL_MET, ...stamp }, 'c', 10);

  it('are refused to every role that the table does not name', () => {
    for (const kind of SIGNALS) {
      for (const role of ROLES) {
        // Partners may on their own channel.
        const channel = role === 'partner' ? 'meta-partner' : EVERY_FIELD.channel;
        const command = parseSignal(kind, { actor: 'someone', role, ...EVERY_FIELD, channel }, assigned);
        const [answer] = handle(opened, command, 'c', 10);
        const may = (COMMANDS[kind].roles as readonly string[]).includes(role);
        if (!may) expect(answer).toMatchObject({ type: 'commandRefused', code: 'role_may_not' });
        else expect(answer).not.toMatchObject({ code: 'role_may_not' });
      }
    }
  });

  it('approving one’s own revision is refused, and so is a digest other than the newest', () => {
    expect(approveBy('operator-1')).toMatchObject([{ type: 'commandRefused', code: 'own_revision' }]);
    expect(approveBy('supervisor-1', OTHER_DIGEST)).toMatchObject([{ type: 'commandRefused', code: 'stale_digest' }]);
    expect(approveBy('supervisor-1')).toMatchObject([
      { type: 'commandAccepted' },
      { type: 'approved', by: 'supervisor-1' },
    ]);
  });

  it('found before approval resolves the case with nothing ever published', () => {
    const events = handle(
      opened,
      { kind: 'childFound', outcome: 'recovered_otherwise', role: 'operator', actor: 'operator-1', ...stamp },
      'c',
      10,
    );
    expect(events.map(({ type }) => type)).toEqual(['commandAccepted', 'found', 'closed']);
    expect(evolveAll(opened, events)?.status).toBe('resolved');
  });

  it('to a case that has ended are refused with the reason', () => {
    const rejected = evolveAll(
      opened,
      handle(opened, { kind: 'reject', role: 'supervisor', actor: 's', ...stamp }, 'c', 10),
    );
    const late = handle(
      rejected,
      { kind: 'approve', role: 'supervisor', actor: 's', digest: DIGEST, criteria: ALL_MET, ...stamp },
      'c2',
      11,
    );
    expect(late).toMatchObject([{ type: 'commandRefused', code: 'case_ended' }]);
  });

  it('a second report for the same case is refused', () => {
    expect(handle(opened, aReport({ commandId: 'report-2' }), 'report-2', 1)).toMatchObject([
      { code: 'already_reported' },
    ]);
  });

  it('acknowledging takes somebody on the ladder, and something to acknowledge', () => {
    const acknowledge = (state: typeof opened, actor: string): unknown =>
      handle(state, { kind: 'acknowledge', role: 'supervisor', actor, ...stamp }, 'c', 10);
    expect(acknowledge(opened, 'supervisor-1')).toMatchObject([{ code: 'nothing_to_acknowledge' }]);
    const notified = evolveAll(opened, [
      { type: 'rungNotified', about: 'approval', channel: null, notice: 1, people: ['supervisor-1'], at: 1 },
    ]);
    expect(acknowledge(notified, 'stranger')).toMatchObject([{ code: 'not_on_ladder' }]);
    expect(acknowledge(notified, 'supervisor-2')).toMatchObject([
      { type: 'commandAccepted' },
      { type: 'acknowledged', about: 'approval' },
    ]);
  });
});
