import type pg from 'pg';
import { RUN_KINDS, TIERS } from '../domain/policy.js';
import { LISTED_STATUSES, type ScopedFilters, Values, wordCondition } from './case-filters.js';
import { cellsAround } from './place-cells.js';

/**
 * One way through the cases: a number of probes, each of which reads one index in its order, newest first, without skipping. All of
 * them together come past every case that the filters ask for.
 */
export interface Walk {
  /** About how many probes there are. */
  readonly probes: number;
  /** Common table expressions (recursive ones among them) that a probe needs, the last of them `probes`. */
  with(values: Values): string;
  /** What one probe reads: `columns FROM … WHERE …`, to which further conditions, an order and a limit are added. */
  readonly columns: string;
  readonly from: string;
  readonly where: readonly string[];
  /** What its index has already seen to. */
  readonly sees: ReadonlySet<'facets' | 'attention'>;
  /** Whether it gives the place last seen with every case. */
  readonly givesPlace: boolean;
  /**
   * Whether a page may end before it is full, at the last case that the walk came past. Not where that case may be outside the scope of who
   * asks: the place at which the next page begins would tell of it.
   */
  readonly mayPause: boolean;
}

/** A set of no more cases than this is looked through from one end to the other. */
const FEW = 5_000;

const KEY = 'reported_at, case_number';

/**
 * Chooses the way that comes past the fewest cases. It is chosen by looking, each look bounded, and not by PostgreSQL's estimates, so that
 * no unlucky combination of filters ends in reading everything.
 */
export async function chooseWalk(pool: pg.Pool, filters: ScopedFilters): Promise<Walk> {
  const word = await rareWord(pool, filters.nameWords ?? []);
  if (word !== undefined) return fit(nameWalk(word), filters);
  if (filters.needsAttention) return fitting(pool, ATTENTION, filters);
  const byFacets = [filters.status, filters.tier, filters.runKind, filters.jurisdictions].some(
    (filter) => filter !== undefined,
  );
  if (filters.near) {
    return byFacets && (await isSmall(pool, facetWalk(filters)))
      ? facetWalk(filters)
      : fitting(pool, placeWalk(filters.near), filters);
  }
  return byFacets ? facetWalk(filters) : NEWEST;
}

/** The walk itself, past the cases of every jurisdiction; it goes to its end where not all of them are asked for. */
function fit(walk: Walk, { jurisdictions }: ScopedFilters): Walk {
  return { ...walk, mayPause: jurisdictions === undefined };
}

/** A walk past the cases of every jurisdiction, where that is all that is asked for or they are few; otherwise one past those asked for. */
async function fitting(pool: pg.Pool, walk: Walk, filters: ScopedFilters): Promise<Walk> {
  const fits = filters.jurisdictions === undefined || (await isSmall(pool, walk));
  return fits ? fit(walk, filters) : facetWalk(filters);
}

const NEWEST: Walk = {
  probes: 1,
  with: () => 'probes AS (SELECT 1)',
  columns: KEY,
  from: 'cases',
  where: [],
  sees: new Set(),
  givesPlace: false,
  mayPause: true,
};

const ATTENTION: Walk = { ...NEWEST, where: ['needs_attention'], sees: new Set(['attention']) };

/** Every combination of what the filters allow is a run of one index; where any jurisdiction will do, they are looked up in it, one step each. */
function facetWalk({ status, tier, runKind, jurisdictions: askedFor }: ScopedFilters): Walk {
  const statuses = status ?? LISTED_STATUSES;
  const tiers = tier ? [tier] : TIERS;
  const runKinds = runKind ? [runKind] : RUN_KINDS;
  const jurisdictions = (values: Values): string =>
    askedFor === undefined
      ? `jurisdictions AS (
           (SELECT jurisdiction FROM cases ORDER BY jurisdiction LIMIT 1)
           UNION ALL
           SELECT (SELECT jurisdiction FROM cases WHERE jurisdiction > before.jurisdiction ORDER BY jurisdiction LIMIT 1)
           FROM jurisdictions AS before WHERE before.jurisdiction IS NOT NULL
         )`
      : `jurisdictions AS (SELECT unnest(${values.add(askedFor)}::text[]) AS jurisdiction)`;
  return {
    probes: statuses.length * tiers.length * runKinds.length * Math.max(1, askedFor?.length ?? 4),
    with: (values) => `${jurisdictions(values)}, probes AS (
      SELECT * FROM jurisdictions
        CROSS JOIN unnest(${values.add(runKinds)}::text[]) AS run_kind
        CROSS JOIN unnest(${values.add(tiers)}::text[]) AS tier
        CROSS JOIN unnest(${values.add([...new Set(statuses)])}::text[]) AS status
      WHERE jurisdiction IS NOT NULL)`,
    columns: KEY,
    from: 'cases',
    where: ['jurisdiction', 'run_kind', 'tier', 'status'].map((column) => `cases.${column} = probes.${column}`),
    sees: new Set(['facets']),
    givesPlace: false,
    mayPause: true,
  };
}

function placeWalk(near: NonNullable<ScopedFilters['near']>): Walk {
  const { degrees, cells } = cellsAround(near);
  return {
    probes: cells.length,
    with: (values) => `probes AS (SELECT unnest(${values.add(cells)}::integer[]) AS cell)`,
    columns: `${KEY}, latitude, longitude`,
    from: 'report_places',
    // The side of the squares is written out, because the index is over this very expression.
    where: [`place_cell(latitude, longitude, ${degrees}) = probes.cell`],
    sees: new Set(),
    givesPlace: true,
    mayPause: true,
  };
}

function nameWalk(word: string): Walk {
  return {
    probes: 1,
    with: (values) => `found AS MATERIALIZED (
        SELECT DISTINCT ${KEY} FROM report_names WHERE ${wordCondition(word, values)}
      ), probes AS (SELECT 1)`,
    columns: KEY,
    from: 'found',
    where: [],
    sees: new Set(),
    givesPlace: false,
    mayPause: true,
  };
}

/** The word of a name that the fewest names have; undefined when all of them are common, so that any list soon comes past them. */
async function rareWord(pool: pg.Pool, words: readonly string[]): Promise<string | undefined> {
  let rarest: { word: string; count: number } | undefined;
  for (const word of words) {
    const values = new Values();
    const condition = wordCondition(word, values);
    // In the order of the index, so that it is read and not, as may seem quicker, the table.
    const inOrder = `SELECT FROM report_names WHERE ${condition} ORDER BY word, reported_at LIMIT ${FEW + 1}`;
    const count = await countUpTo(pool, inOrder, values);
    if (count <= FEW && (rarest === undefined || count < rarest.count)) rarest = { word, count };
  }
  return rarest?.word;
}

async function isSmall(pool: pg.Pool, walk: Walk): Promise<boolean> {
  const values = new Values();
  const probes = walk.with(values);
  const limited = `SELECT FROM ${walk.from} WHERE ${walk.where.join(' AND ')} ORDER BY reported_at DESC LIMIT ${FEW + 1}`;
  const all = `WITH RECURSIVE ${probes} SELECT FROM probes CROSS JOIN LATERAL (${limited}) AS probed LIMIT ${FEW + 1}`;
  return (await countUpTo(pool, all, values)) <= FEW;
}

async function countUpTo(pool: pg.Pool, limited: string, values: Values): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (${limited}) AS counted`,
    values.all,
  );
  return rows[0]?.count ?? 0;
}
