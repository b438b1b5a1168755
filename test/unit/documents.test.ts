import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/domain/command.js';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** As the hosting services make them of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

describe('the documents', () => {
  test.each(DOCUMENTS)('%s links to what is there', (document) => {
    const broken = [...read(document).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].flatMap(([, link = '']) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, target))) return [link];
      if (anchor === undefined) return [];
      const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
      return headings.includes(anchor) ? [] : [link];
    });
    expect(broken).toEqual([]);
  });

  test.each(DOCUMENTS)('%s names no script that npm does not have', (document) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(document).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test('the README and the architecture have every command', () => {
    const commands = Object.keys(COMMANDS).filter((command) => command !== 'report');
    for (const document of ['README.md', 'docs/architecture.md']) {
      const text = read(document);
      expect(commands.filter((command) => !text.includes(`\`${command}\``))).toEqual([]);
    }
  });

  test('the operations guide names every key of a tier', () => {
    const guide = read('docs/operations.md');
    const { tiers } = parse(read('config/policy.yaml'), { merge: true }) as { tiers: { amber: object } };
    expect(Object.keys(tiers.amber).filter((key) => !guide.includes(`\`tiers.….${key}\``))).toEqual([]);
  });

  test('the operations guide names every variable that a process reads', () => {
    const guide = read('docs/operations.md');
    const variables = new Set(
      [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name = '']) => name),
    );
    variables.add('TEMPORAL_ADDRESS').add('TEMPORAL_NAMESPACE');
    expect(variables.size).toBeGreaterThan(20);
    expect([...variables].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  test('the list of decisions has them all', () => {
    const records = readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
    const list = read('docs/adr/README.md');
    expect(records.filter((name) => !list.includes(`(${name})`))).toEqual([]);
  });
});
