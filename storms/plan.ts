import type { FacebookStrategy } from '../src/channels/facebook-strategy.js';
import { ENDPOINTS, type EndpointName, type EndpointPattern } from '../src/simulator/endpoints.js';
import { canHappenTo, FAULT_NAMES, type FaultName, typicalParameters } from '../src/simulator/fault-kinds.js';
import { CONFIRMS } from '../src/simulator/settings.js';
import { Draw } from './draw.js';

/** Something people do to the case of a storm. */
export type Act =
  | { readonly do: 'publish' | 'widen' | 'found' }
  /** A new text; with `newPhoto` another photo too, and with `removeFirst` what is up is to go before the new one comes. */
  | { readonly do: 'amend'; readonly newPhoto: boolean; readonly removeFirst: boolean };

/** An act, and what is done after it. */
export type PlannedAct = Act & {
  /** Wait until everything has settled, or only for so long: in milliseconds. */
  readonly then: 'settle' | number;
};

interface DrawnFault {
  readonly endpoint: EndpointPattern;
  readonly fault: FaultName;
  readonly [parameter: string]: unknown;
}

/** A fault as the simulator's control API takes it. */
export interface PlannedFault extends DrawnFault {
  readonly count: number;
  readonly probability?: number;
  readonly seed?: number;
}

/** How the people at the partner desk work. */
export interface DeskManner {
  /** So long after a message came they do what it asks; in milliseconds. */
  readonly confirmsAfterMs: number;
  /** How they say so at the link that came with it. When they never do, one of our own people hears of it and says it. */
  readonly confirms: (typeof CONFIRMS)[number];
}

/** All that is decided about a storm before it begins. */
export interface StormPlan {
  readonly seed: number;
  readonly strategy: FacebookStrategy;
  readonly acts: readonly PlannedAct[];
  /** Told to the simulator just before the act with this index. */
  readonly faults: readonly (PlannedFault & { readonly beforeAct: number })[];
  /** Whether Instagram refuses to delete at the end, until a person does so in the app and says it. */
  readonly stubborn: boolean;
  /** When its case goes to the partner desk as well. */
  readonly desk?: DeskManner;
  /** SIGKILL of the worker during an act: as soon as this endpoint is called, or when so many milliseconds have passed. */
  readonly kill: { readonly duringAct: number; readonly onCallOf: EndpointName; readonly orAfterMs: number };
}

/** One storm in so many is one of the fallback strategy. */
const FALLBACK_EVERY = 4;
const WITH_DESK = 0.3;
/** Where the partner desk takes messages. */
const DESK = 'desk.receive';

/**
 * What is called in every storm: until its alert is live, and when it comes down. What publishes stands here more than once, to be struck
 * more often: nothing else can make two posts of one.
 */
const SURE: Readonly<Record<FacebookStrategy, Readonly<Record<'up' | 'down', readonly EndpointName[]>>>> = {
  flip: {
    up: [
      'facebook.createPhoto',
      'facebook.createPost',
      ...times(3, 'facebook.publishPost'),
      'instagram.createContainer',
      'instagram.readContainer',
      ...times(3, 'instagram.publish'),
    ],
    down: ['facebook.deletePost', 'instagram.deleteMedia'],
  },
  'single-post': {
    up: [
      'facebook.createPhoto',
      ...times(5, 'facebook.createPost'),
      'facebook.listPosts',
      'instagram.createContainer',
      'instagram.readContainer',
      'instagram.publish',
    ],
    down: ['facebook.deletePost', 'instagram.deleteMedia'],
  },
};

/** What every case of a storm can call: not all of them have a partner desk. */
const CALLED = ENDPOINTS.filter((endpoint) => endpoint !== DESK);

/** Where a worker is killed: at what changes something. */
const KILLED_AT = CALLED.filter((endpoint) => !/\.(list|read|limit)|^token|setComments/.test(endpoint));

/**
 * The plan of a storm: drawn from its seed, and from nothing else.
 * @param strategy of all storms; left out, the seed says it
 */
export function planOf(seed: number, strategy?: FacebookStrategy): StormPlan {
  const draw = new Draw(seed);
  const ownStrategy = seed % FALLBACK_EVERY === 0 ? 'single-post' : 'flip';
  const plan = { seed, strategy: strategy ?? ownStrategy };
  const strikes = draw.pick(['up', 'up', 'down'] as const);
  const stubborn = draw.chance(0.1);
  const acts = drawActs(draw, stubborn || strikes === 'down');
  const sure = { endpoints: SURE[plan.strategy][strikes], beforeAct: strikes === 'up' ? 0 : acts.length - 1 };
  const rest = { ...plan, acts, stubborn, faults: drawFaults(draw, acts, sure), kill: drawKill(draw, acts) };
  return draw.chance(WITH_DESK) ? withDesk(draw, rest) : rest;
}

/** The same storm, with a partner desk that has faults of its own, one or two, and at which the worker may be killed. */
function withDesk(draw: Draw, plan: StormPlan): StormPlan {
  const { acts, faults, kill } = plan;
  const further = Array.from({ length: draw.whole(1, 2) }, () => ({
    ...drawFault(draw, [DESK]),
    count: draw.whole(1, 2),
    beforeAct: draw.whole(0, acts.length - 1),
  }));
  return {
    ...plan,
    desk: { confirmsAfterMs: draw.pick([0, 300, 3_000, 8_000]), confirms: draw.pick(CONFIRMS) },
    faults: [...faults, ...further],
    kill: draw.chance(0.4) ? { ...kill, onCallOf: DESK } : kill,
  };
}

/** Always published, amended, widened and found; settled at least once before the end. */
function drawActs(draw: Draw, isLiveAtTheEnd: boolean): PlannedAct[] {
  const amend = (): Act => ({ do: 'amend', newPhoto: draw.chance(0.4), removeFirst: draw.chance(0.2) });
  const between = draw.shuffled<Act>([{ do: 'widen' }, ...Array.from({ length: draw.chance(0.3) ? 2 : 1 }, amend)]);
  const acts: Act[] = [{ do: 'publish' }, ...between];
  const last = acts.length - 1;
  const settled = isLiveAtTheEnd ? last : draw.whole(0, last);
  return [
    ...acts.map((act, index): PlannedAct => ({
      ...act,
      then: index === settled || draw.chance(0.4) ? 'settle' : draw.whole(0, 1_500),
    })),
    { do: 'found', then: 'settle' },
  ];
}

/** From one to three. The first is one that is sure to strike. */
function drawFaults(
  draw: Draw,
  acts: readonly PlannedAct[],
  sure: { readonly endpoints: readonly EndpointName[]; readonly beforeAct: number },
): StormPlan['faults'] {
  const first = {
    ...drawFault(draw, sure.endpoints),
    count: draw.chance(0.8) ? 1 : 2,
    beforeAct: sure.beforeAct,
  };
  const further = Array.from({ length: draw.whole(0, 2) }, () => {
    const fault = { ...drawFault(draw, CALLED), beforeAct: draw.whole(0, acts.length - 1) };
    if (draw.chance(0.6)) return { ...fault, count: 1 };
    const chance = { probability: draw.pick([0.05, 0.2, 0.5]), seed: draw.whole(0, 1_000_000) };
    return { ...fault, endpoint: '*' as const, count: draw.whole(1, 3), ...chance };
  });
  return [first, ...further];
}

/** One of those that can happen to one of these endpoints, there. */
function drawFault(draw: Draw, endpoints: readonly EndpointName[]): DrawnFault {
  const fault = draw.pick(FAULT_NAMES.filter((name) => endpoints.some((endpoint) => canHappenTo(name, endpoint))));
  const endpoint = draw.pick(endpoints.filter((one) => canHappenTo(fault, one)));
  return { endpoint, fault, ...draw.pick(typicalParameters(fault)) };
}

function drawKill(draw: Draw, acts: readonly PlannedAct[]): StormPlan['kill'] {
  return {
    duringAct: draw.whole(0, acts.length - 1),
    onCallOf: draw.pick(KILLED_AT),
    orAfterMs: draw.whole(0, 2_500),
  };
}

function times(count: number, what: EndpointName): EndpointName[] {
  return Array.from({ length: count }, () => what);
}
