import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportSchema } from '../api/report-schema.js';
import { marker } from '../domain/case-number.js';
import type { CardName } from '../domain/revision.js';
import { CARD_TYPES } from '../media/card/formats.js';
import { renderCards } from '../media/card/render-cards.js';
import { intakePhoto } from '../media/photo.js';
import { publicPart } from '../media/public-report.js';
import { loadPolicyFile } from '../policy/policy-file.js';
import { readReport } from './report-file.js';

const USAGE = `Usage: npm run cards -- --report FILE --page URL [--photo FILE] [--case NUMBER] [--policy FILE] [--out FOLDER]

Makes the cards of an alert, in every language: feed (4:5), square, story (9:16) and a poster of A4 as PDF.

  --report FILE   the report as the staff API takes it
  --page URL      what the QR code opens
  --photo FILE    JPEG, PNG or WebP; without one, the names take its place
  --case NUMBER   what stands in the marker (MFQ-2222-2222)
  --policy FILE   whose authority and time zone it is (config/policy.yaml)
  --out FOLDER    where they are written (the current folder)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      report: { type: 'string' },
      page: { type: 'string' },
      photo: { type: 'string' },
      case: { type: 'string', default: 'MFQ-2222-2222' },
      policy: { type: 'string', default: 'config/policy.yaml' },
      out: { type: 'string', default: '.' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.report === undefined || values.page === undefined) {
    console.log(USAGE);
    if (!values.help) process.exitCode = 1;
    return;
  }
  if (!URL.canParse(values.page))
    throw new Error('--page must be a whole address, as https://alerts.example/MFQ-2222-2222');
  const { policy, authority, jurisdictions } = loadPolicyFile(values.policy);
  const schema = reportSchema({ policy, jurisdictions, now: Date.now });
  const read = schema.safeParse(readReport(values.report));
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `  - ${path.join('.')}: ${message}`);
    throw new Error(`the report cannot be used:\n${problems.join('\n')}`);
  }
  const report = publicPart(read.data);
  const alert = {
    report,
    authority,
    timeZone: jurisdictions[report.jurisdiction]?.timeZone ?? 'UTC',
    marker: marker(values.case, 1),
    pageUrl: values.page,
  };
  const photo = values.photo === undefined ? undefined : await intakePhoto(readFileSync(values.photo));
  const cards = await renderCards(alert, photo);
  mkdirSync(values.out, { recursive: true });
  for (const [card, bytes] of Object.entries(cards)) {
    const file = join(values.out, `${card}.${CARD_TYPES[card as CardName] === 'image/jpeg' ? 'jpg' : 'pdf'}`);
    writeFileSync(file, bytes);
    console.log(file);
  }
}

await main().catch((error: unknown) => {
  console.error(`The cards were not made: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
