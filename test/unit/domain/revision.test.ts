import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type RevisionManifest, revisionDigest } from '../../../src/domain/revision.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const manifest: RevisionManifest = {
  caseNumber: 'MFQ-7K3D-92XQ',
  revision: 1,
  tier: 'amber',
  runKind: 'actual',
  countries: ['QA'],
  area: { centre: { latitude: 25.2867, longitude: 51.5333 }, radiusKm: 160, widening: [] },
  parts: [
    { name: 'facebook/text', sha256: sha256('a') },
    { name: 'facebook/image', sha256: sha256('b') },
  ],
  salt: 'salt',
};

describe('the digest of a revision', () => {
  it('does not depend on the order in which keys or parts were written', () => {
    const turned = Object.fromEntries(Object.entries(manifest).reverse()) as unknown as RevisionManifest;
    expect(revisionDigest({ ...turned, parts: [...manifest.parts].reverse() }, sha256)).toBe(
      revisionDigest(manifest, sha256),
    );
  });

  it('changes with every single thing it covers', () => {
    const changes: Partial<RevisionManifest>[] = [
      { caseNumber: 'MFQ-7K3D-92XR' },
      { revision: 2 },
      { tier: 'missing' },
      { runKind: 'exercise' },
      { area: { ...manifest.area, radiusKm: 161 } },
      { area: { ...manifest.area, centre: { latitude: 25.2868, longitude: 51.5333 } } },
      { area: { ...manifest.area, widening: [{ afterMs: 1, radiusKm: 200 }] } },
      { parts: manifest.parts.slice(1) },
      { parts: [{ name: 'facebook/text', sha256: sha256('c') }, ...manifest.parts.slice(1)] },
      { salt: 'pepper' },
    ];
    const digests = changes.map((change) => revisionDigest({ ...manifest, ...change }, sha256));
    expect(new Set([...digests, revisionDigest(manifest, sha256)]).size).toBe(changes.length + 1);
  });

  it('stands on one form of JSON: equal values have equal texts, which read back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
        expect(canonicalJson(JSON.parse(canonicalJson(plain)))).toBe(canonicalJson(plain));
      }),
    );
  });
});
