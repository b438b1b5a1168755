import { expect, test } from '@jest/globals';
import type { Effect, EffectBody } from '../../src/simulator/effect.js';
import { sightingsOf } from '../../storms/sightings.js';
import {
  breachesAfterTheEnd,
  breachesOf,
  breachesOfClosing,
  breachesWhileActive,
  type Conduct,
} from '../../storms/verdict.js';

const CASE = 'MFQ-7K3D-92XQ';
const text = (revision: number, caseNumber = CASE): string => `Missing\n${caseNumber}/${revision}`;

/** A log with one effect a second. */
function log(...bodies: EffectBody[]): Effect[] {
  return bodies.map((body, index) => ({
    seq: index + 1,
    at: new Date(1_000 * (index + 1)).toISOString(),
    call: 'call',
    ...body,
  }));
}

const staged = (postId: string, revision: number): EffectBody => ({
  type: 'post.created',
  postId,
  message: text(revision),
  photoIds: [],
});
const flipped = (postId: string, revision: number): EffectBody => ({
  type: 'post.published',
  postId,
  message: text(revision),
});
const edited = (postId: string, revision: number): EffectBody => ({
  type: 'post.edited',
  postId,
  message: text(revision),
});
const deleted = (postId: string): EffectBody => ({ type: 'post.deleted', postId });
const shown = (mediaId: string, revision: number): EffectBody => ({
  type: 'media.published',
  mediaId,
  containerId: `of ${mediaId}`,
  caption: text(revision),
});
const mediaDeleted = (mediaId: string): EffectBody => ({ type: 'media.deleted', mediaId });

const conduct = (changes: Partial<Conduct> = {}): Conduct => ({
  strategy: 'flip',
  approvedAt: new Map([1, 2, 3].map((revision) => [revision, 0])),
  confirmedAt: [],
  ...changes,
});
const breaches = (effects: readonly Effect[], changes: Partial<Conduct> = {}): string[] =>
  breachesOf(sightingsOf(CASE, effects), conduct(changes));

test('a life in which each revision is one post a channel breaks nothing', () => {
  const life = log(
    staged('a', 1),
    flipped('a', 1),
    shown('m', 1),
    edited('a', 2),
    shown('n', 2),
    mediaDeleted('m'),
    staged('b', 3),
    flipped('b', 3),
    deleted('a'),
    deleted('b'),
    mediaDeleted('n'),
  );
  expect(breaches(life)).toEqual([]);
  expect(breachesAfterTheEnd(sightingsOf(CASE, life))).toEqual([]);
});

test('two posts of one revision are a breach, together and one after the other', () => {
  const both = [staged('a', 1), staged('b', 1), flipped('a', 1)];
  expect(breaches(log(...both, flipped('b', 1)))).toHaveLength(1);
  expect(breaches(log(...both, deleted('a'), flipped('b', 1)))).toHaveLength(1);
  expect(breaches(log(shown('m', 1), mediaDeleted('m'), shown('n', 1)))).toHaveLength(1);
  // By an edit, too.
  expect(breaches(log(...both, edited('a', 2), staged('c', 2), flipped('c', 2)))).toHaveLength(1);
});

test('three revisions at a time are a breach', () => {
  expect(breaches(log(shown('m', 1), shown('n', 2), shown('o', 3)))).toHaveLength(1);
  expect(breaches(log(shown('m', 1), shown('n', 2), mediaDeleted('m'), shown('o', 3)))).toEqual([]);
});

test('what is seen before its approval was sent is a breach', () => {
  expect(breaches(log(shown('m', 1)), { approvedAt: new Map([[1, 2_000]]) })).toHaveLength(1);
  expect(breaches(log(shown('m', 1)), { approvedAt: new Map() })).toHaveLength(1);
});

test('the fallback strategy may make a second post only after a person said that the first is not there', () => {
  const twice = log(staged('a', 1), flipped('a', 1), staged('b', 1), flipped('b', 1));
  const fallback = { strategy: 'single-post' } as const;
  expect(breaches(twice, fallback)).toHaveLength(1);
  expect(breaches(twice, { ...fallback, confirmedAt: [3_500] })).toEqual([]);
  expect(breaches(twice, { ...fallback, confirmedAt: [4_500] })).toHaveLength(1);
  expect(breaches(twice, { confirmedAt: [3_500] })).toHaveLength(1);
  expect(breaches(log(shown('m', 1), shown('n', 1)), { ...fallback, confirmedAt: [1_500] })).toHaveLength(1);
});

test('an active case that has settled shows its newest revision alone on each channel', () => {
  const seen = (...bodies: EffectBody[]): string[] => breachesWhileActive(sightingsOf(CASE, log(...bodies)), 2);
  const right = [staged('a', 1), flipped('a', 1), edited('a', 2), shown('m', 2)];
  expect(seen(...right)).toEqual([]);
  expect(seen(...right, edited('a', 1))).toHaveLength(1);
  expect(seen(...right, shown('n', 1))).toHaveLength(1);
  expect(seen(...right, deleted('a'))).toHaveLength(1);
});

const atDesk = (type: 'desk.published' | 'desk.removed', revision: number): EffectBody => {
  const about = { messageId: `${CASE}/${revision}/message`, caseNumber: CASE, revision };
  return type === 'desk.removed' ? { type, ...about } : { type, ...about, radiusKm: 50 };
};

test('a revision is published once at the partner desk, after its approval, and stays until its successor is there', () => {
  const life = [atDesk('desk.published', 1), atDesk('desk.published', 2), atDesk('desk.removed', 1)];
  expect(breaches(log(...life))).toEqual([]);
  expect(breaches(log(...life, atDesk('desk.published', 1)))).toHaveLength(1);
  expect(breaches(log(...life), { approvedAt: new Map([[1, 0]]) })).toHaveLength(1);
  const seen = (...bodies: EffectBody[]): string[] =>
    breachesWhileActive(sightingsOf(CASE, log(...bodies)), 2, ['meta-partner']);
  expect(seen(...life)).toEqual([]);
  expect(seen(...life.slice(0, 2))).toHaveLength(1);
  expect(seen()).toHaveLength(1);
  expect(breachesAfterTheEnd(sightingsOf(CASE, log(...life)))).toHaveLength(1);
  expect(breachesAfterTheEnd(sightingsOf(CASE, log(...life, atDesk('desk.removed', 2))))).toEqual([]);
  expect(breachesOfClosing(sightingsOf(CASE, log(...life)), 9_000)).toHaveLength(1);
});

test('what is still seen after the end is a breach, another case is not', () => {
  const left = log(staged('a', 1), flipped('a', 1), {
    type: 'media.published',
    mediaId: 'x',
    containerId: 'of x',
    caption: text(1, 'MFQ-2222-2222'),
  });
  expect(breachesAfterTheEnd(sightingsOf(CASE, left))).toHaveLength(1);
  expect(breachesAfterTheEnd(sightingsOf('MFQ-3333-3333', left))).toEqual([]);
});

test('a case that closes with a post up has given up in silence, and what surfaces later has not', () => {
  const up = sightingsOf(CASE, log(shown('m', 1)));
  expect(breachesOfClosing(up, 1_500)).toHaveLength(1);
  expect(breachesOfClosing(up, NaN)).toHaveLength(1);
  expect(breachesOfClosing(up, 500)).toEqual([]);
  expect(breachesOfClosing(sightingsOf(CASE, log(shown('m', 1), mediaDeleted('m'))), 1_500)).toEqual([]);
});
