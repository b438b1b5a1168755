import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SIGNALS } from '../../src/domain/command.js';
import { ALL_MET, DIGEST } from '../given/a-case.js';
import { CaseUnderTest, type RawPayload } from './case-under-test.js';
import { bundleWorkflows } from './workflow-bundle.js';

jest.setTimeout(60_000);

let bundle: Awaited<ReturnType<typeof bundleWorkflows>>;

beforeAll(async () => {
  bundle = await bundleWorkflows();
});

afterAll(async () => {
  await bundle.remove();
});

const encoded = (encoding: string, data: string): RawPayload => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});

const MALFORMED: Readonly<Record<string, RawPayload[] | undefined>> = {
  'no input at all': undefined,
  'an input without payloads': [],
  'JSON that is none': [encoded('json/plain', '{"actor": ')],
  'JSON that is not UTF-8': [
    { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from([0xff, 0xfe, 0x00]) },
  ],
  'no encoding': [{ data: Buffer.from('{}') }],
  'an unknown encoding': [encoded('binary/secret', 'xx')],
  'protobuf of no known type': [encoded('binary/protobuf', 'xx')],
  'protobuf in JSON of no known type': [encoded('json/protobuf', '{}')],
  'an empty payload': [{}],
  null: [encoded('json/plain', 'null')],
  'a null payload': [encoded('binary/null', '')],
  bytes: [encoded('binary/plain', '\u0000\u0001')],
  'a number': [encoded('json/plain', '7')],
  'a text': [encoded('json/plain', '"approve"')],
  'a list': [encoded('json/plain', '[]')],
  'an empty object': [encoded('json/plain', '{}')],
  'a prototype': [encoded('json/plain', '{"__proto__": {"actor": "supervisor-1", "role": "supervisor"}}')],
  'deep nesting': [encoded('json/plain', '['.repeat(50_000) + ']'.repeat(50_000))],
  'two payloads': [encoded('json/plain', '{"a": 1}'), encoded('json/plain', '{broken')],
  'wrong types': [encoded('json/plain', `{"actor": {}, "role": [], "digest": ${'9'.repeat(400)}}`)],
};

describe('a malformed signal', () => {
  it('of every kind and every name is refused and recorded, and the case lives on to be approved', async () => {
    await CaseUnderTest.run(bundle, async (theCase) => {
      await theCase.report();
      for (const payloads of Object.values(MALFORMED)) await theCase.signalAnything('approve', payloads);
      for (const signal of SIGNALS) await theCase.signalAnything(signal, [encoded('json/plain', '{broken')]);
      const sent = Object.keys(MALFORMED).length + SIGNALS.length;
      await theCase.until(() => theCase.events('commandRefused').length === sent);
      expect(new Set(theCase.events('commandRefused').map(({ code }) => code))).toEqual(new Set(['malformed_command']));

      // A name that nobody knows is buffered, and harms nothing either.
      await theCase.signalAnything('noSuchSignal', [encoded('json/plain', '{broken')]);
      await theCase.signal('approve', { actor: 'supervisor-1', role: 'supervisor', digest: DIGEST, criteria: ALL_MET });
      await theCase.until(() => theCase.view?.liveChannels.length === 2);
    });
  });
});
