import { z } from 'zod';
import { loadStaffFile, type StaffEntry, unknownJurisdictions } from './api/staff-file.js';
import { type Role, STAFF_ROLES } from './domain/command.js';
import { FACEBOOK_STRATEGIES, type FacebookStrategy } from './channels/facebook-strategy.js';
import { loadPolicyFile, namesPartnerDesk, type PolicyFile } from './policy/policy-file.js';
import { HOUR, parseDuration } from './domain/time.js';
import { isUnforgeable, type OidcSettings } from './oidc/settings.js';
import type { Audience } from './ports/alert-channel.js';
import { UnusableFile } from './settings-file.js';

/** The settings of a process are wrong; `problems` lists every one of them, those of the files that they name too, by the name of its variable. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(
      `the configuration cannot be used (docs/operations.md says what each variable holds):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const url = z.url('must be a URL such as https://example.org');
/** It stands in every post and in the QR code of every card, which a long one would make too fine to be read. */
const publicUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).max(80);
const file = z.string().min(1);
/** A file that is read together with the settings, so that what is wrong with it is told together with what is wrong with them. */
const fileOf = <T>(load: (path: string) => T) =>
  file.transform((path, context) => {
    try {
      return load(path);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      for (const problem of error.problems) context.addIssue({ code: 'custom', message: `in ${path}: ${problem}` });
      return z.NEVER;
    }
  });
const policyFile = fileOf(loadPolicyFile);
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port, 0 to 65535');
const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info');
const namespace = z.string().min(1).default('default');
const hostAndPort = z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port');
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');

// One that breaks a header apart would be told of by an error that shows it.
const token = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible characters only, without a space or a line break');
const deskSecret = z.string().min(32, 'must be at least 32 characters');

const temporal = { TEMPORAL_ADDRESS: hostAndPort, TEMPORAL_NAMESPACE: namespace };

const metaShape = {
  META_GRAPH_URL: url,
  META_API_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, 'must be like v26.0')
    .default('v26.0'),
  META_PAGE_ID: z.string().regex(/^\d+$/, 'must be digits'),
  META_IG_USER_ID: z.string().regex(/^\d+$/, 'must be digits'),
  META_ACCESS_TOKEN: token,
  META_IG_ACCESS_TOKEN: token.optional(),
  META_APP_SECRET: token.optional(),
  META_FACEBOOK_STRATEGY: z.enum(FACEBOOK_STRATEGIES).default('flip'),
  META_AUDIENCE: z.enum(['simulator', 'test', 'public']),
};

const workerShape = {
  META_PARTNER_DESK: z
    .string()
    .regex(/^(https?:\/\/|mailto:[^\s@]+@[^\s@?]+$)/, 'must be an https:// URL or mailto: and an address')
    .optional(),
  META_PARTNER_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  MAFQOOD_DESK_URL: url.optional(),
  MAFQOOD_DESK_SECRET: deskSecret.optional(),
  ...temporal,
  MAFQOOD_DATABASE_URL: postgresUrl,
  MAFQOOD_POLICY_FILE: policyFile,
  MAFQOOD_PUBLIC_URL: publicUrl,
  MAFQOOD_STAFF_URL: url,
  ...metaShape,
  SMTP_URL: z.string().regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// URL'),
  MAFQOOD_MAIL_FROM: z.string().min(3),
  MAFQOOD_WEBHOOK_SECRET: z.string().min(32, 'must be at least 32 characters'),
  MAFQOOD_WORKFLOW_BUNDLE: file.optional(),
  MAFQOOD_LOG_LEVEL: logLevel,
};

const META = /(^|\.)(facebook|instagram)\.com\.?$/i;

type WorkerSettings = z.output<z.ZodObject<typeof workerShape>>;

/** Of a policy that could not be used nothing is known here. */
function namesPartner(read: PolicyFile | string | undefined): boolean {
  return typeof read === 'object' && 'policy' in read && namesPartnerDesk(read.policy);
}

/** A variable that has to be set because of another; said beside whatever else is wrong, so that nothing can be taken for read. */
function needed<Settings extends object>(
  name: keyof Settings & string,
  because: string,
  isNeeded: (read: Partial<Settings>) => boolean,
): z.core.CheckFn<Settings> | z.core.$ZodCheck<Settings> {
  // One that is set and cannot be used is there too, and has been told of.
  return z.refine<Settings>((read) => name in read || !isNeeded(read), {
    path: [name],
    message: `is not set, and ${because}`,
    when: () => true,
  });
}

/** Credentials that are only called the simulator's would let an exercise out. */
function isSafe({ META_GRAPH_URL, META_AUDIENCE }: { META_GRAPH_URL: string; META_AUDIENCE: Audience }): boolean {
  return META_AUDIENCE !== 'simulator' || !isMetaItself(META_GRAPH_URL);
}
const UNSAFE = {
  path: ['META_AUDIENCE'],
  message: 'is simulator, and META_GRAPH_URL is Meta itself: it must be test or public',
  // Beside whatever else is wrong.
  when: () => true,
};

const metaSchema = z.object(metaShape).refine(isSafe, UNSAFE);
const workerSchema = z
  .object(workerShape)
  .refine(isSafe, UNSAFE)
  .check(
    needed('META_PARTNER_DESK', 'a tier of the policy names meta-partner', ({ MAFQOOD_POLICY_FILE: read }) =>
      namesPartner(read),
    ),
    needed('META_PARTNER_SECRET', 'META_PARTNER_DESK is a webhook, which it signs', ({ META_PARTNER_DESK: desk }) =>
      /^https?:/.test(desk ?? ''),
    ),
    needed(
      'MAFQOOD_DESK_SECRET',
      'META_PARTNER_DESK is, and it signs the links that the desk answers by',
      (read) => read.META_PARTNER_DESK !== undefined,
    ),
  );

// They become part of a header.
const words = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be words with one space between them')
  .transform((text) => text.split(' '));
const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 3m, 24h or 30d' });
  return z.NEVER;
});
const claimName = z.string().max(200);
const rolesSchema = z.record(z.string(), z.enum(STAFF_ROLES));
const rolesByValue = z.string().transform((text, context): ReadonlyMap<string, Role> => {
  try {
    return new Map(Object.entries(rolesSchema.parse(JSON.parse(text))));
  } catch {
    context.addIssue({
      code: 'custom',
      message: `must be a JSON object like {"a value of the claim":"operator"}; roles are ${STAFF_ROLES.join(', ')}`,
    });
    return z.NEVER;
  }
});

const oidcShape = {
  MAFQOOD_OIDC_ISSUER: z
    .string()
    .refine(isUnforgeable, 'must be an https:// URL; http:// only on this machine')
    .refine((issuer) => !/[?#]/.test(issuer), 'must be a URL without ? and #')
    .optional(),
  MAFQOOD_OIDC_AUDIENCE: z.string().optional(),
  MAFQOOD_OIDC_STAFF_ID_CLAIM: claimName.optional(),
  MAFQOOD_OIDC_ROLE_CLAIM: claimName.optional(),
  MAFQOOD_OIDC_ROLES: rolesByValue.optional(),
  MAFQOOD_OIDC_JURISDICTIONS_CLAIM: claimName.optional(),
  MAFQOOD_OIDC_SECOND_FACTOR_ACR: words.optional(),
  MAFQOOD_OIDC_SECOND_FACTOR_AMR: words.optional(),
  MAFQOOD_OIDC_SECOND_FACTOR_AGE: duration.optional(),
};

const staffApiShape = {
  ...temporal,
  MAFQOOD_DATABASE_URL: postgresUrl,
  MAFQOOD_POLICY_FILE: policyFile,
  MAFQOOD_STAFF_FILE: fileOf(loadStaffFile).optional(),
  ...oidcShape,
  MAFQOOD_STAFF_HOST: z.string().min(1).default('127.0.0.1'),
  MAFQOOD_STAFF_PORT: port,
  MAFQOOD_PUBLIC_URL: publicUrl,
  TEMPORAL_UI_URL: url,
  MAFQOOD_DESK_SECRET: deskSecret.optional(),
  MAFQOOD_LOG_LEVEL: logLevel,
};

const bothFiles = z.object({ MAFQOOD_POLICY_FILE: z.object(), MAFQOOD_STAFF_FILE: z.array(z.unknown()) });

type StaffApiSettings = z.output<z.ZodObject<typeof staffApiShape>>;

const staffApiSchema = z
  .object(staffApiShape)
  .check(
    needed<StaffApiSettings>(
      'MAFQOOD_STAFF_FILE',
      'neither is MAFQOOD_OIDC_ISSUER: nobody could call',
      (read) => !('MAFQOOD_OIDC_ISSUER' in read),
    ),
    needed<StaffApiSettings>(
      'MAFQOOD_OIDC_AUDIENCE',
      'MAFQOOD_OIDC_ISSUER is: tokens that it makes for others would be taken',
      (read) => 'MAFQOOD_OIDC_ISSUER' in read,
    ),
    needed<StaffApiSettings>('MAFQOOD_OIDC_ISSUER', 'another variable of it is', (read) =>
      Object.keys(oidcShape).some((name) => name in read),
    ),
  )
  .superRefine(
    ({ MAFQOOD_POLICY_FILE: policy, MAFQOOD_STAFF_FILE: staff }, context) => {
      const path = ['MAFQOOD_STAFF_FILE'];
      for (const message of unknownJurisdictions(staff ?? [], Object.keys(policy.jurisdictions))) {
        context.addIssue({ code: 'custom', path, message });
      }
    },
    // Beside whatever else is wrong. A file that could not be used is still the text that named it.
    { when: ({ value }) => bothFiles.safeParse(value).success },
  );

const publicSiteSchema = z.object({
  MAFQOOD_PUBLIC_DATABASE_URL: postgresUrl,
  MAFQOOD_PUBLIC_URL: publicUrl,
  MAFQOOD_PUBLIC_HOST: z.string().min(1).default('127.0.0.1'),
  MAFQOOD_PUBLIC_PORT: port,
  MAFQOOD_LOG_LEVEL: logLevel,
});

const migrationSchema = z.object({
  MAFQOOD_OWNER_DATABASE_URL: postgresUrl,
  MAFQOOD_DATABASE_URL: postgresUrl,
  MAFQOOD_PUBLIC_DATABASE_URL: postgresUrl,
});

const auditSchema = z.object({ MAFQOOD_DATABASE_URL: postgresUrl });

const temporalSchema = z.object(temporal);

const standaloneSchema = z.object({
  MAFQOOD_DATA: file.optional(),
  MAFQOOD_TEMPORAL_CLI: file.optional(),
});

const simulatorSchema = z.object({
  SIMULATOR_ACCESS_TOKEN: token.optional(),
  SIMULATOR_APP_SECRET: token.optional(),
  SIMULATOR_DESK_SECRET: z.string().min(1).optional(),
});

/** Where alerts go, and with which credentials. */
export interface MetaConfig {
  readonly graphUrl: string;
  readonly version: string;
  readonly pageId: string;
  readonly igUserId: string;
  /** The Page's. */
  readonly accessToken: string;
  /** The Instagram account's: the Page's own unless it has another one. */
  readonly igAccessToken: string;
  readonly appSecret?: string;
  /** How alerts are put on the Page. */
  readonly facebookStrategy: FacebookStrategy;
  /** Who sees what is published with these credentials. */
  readonly audience: Audience;
}

/** The worker's settings, as far as they can be used. */
export interface ExaminedConfig {
  /** Everything that is wrong, by the name of its variable; nothing when the worker would start. */
  readonly problems: readonly string[];
  readonly meta: MetaConfig | null;
  readonly publicUrl: string | null;
  readonly policyFile: PolicyFile | null;
}

/** What the simulator of Meta is not to tell everybody. */
export interface SimulatorSecrets {
  /** The token that its accounts take; drawn when left out. */
  readonly accessToken?: string;
  /** Given, every call has to prove that it comes from the app. */
  readonly appSecret?: string;
  /** Given, there is a partner desk, whose messages are signed with it. */
  readonly deskSecret?: string;
}

/** What the worker needs to know. */
export interface WorkerConfig {
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly databaseUrl: string;
  readonly policyFile: PolicyFile;
  /** The base address under which Meta can fetch images. */
  readonly publicUrl: string;
  /** The base address of the links in notices. */
  readonly staffUrl: string;
  readonly meta: MetaConfig;
  /** The partner desk; left out where there is none. */
  readonly partner?: {
    /** Where packages are handed over: by mail, or by webhooks signed with a secret that the desk knows. */
    readonly desk:
      | { readonly by: 'mail'; readonly to: string }
      | { readonly by: 'webhook'; readonly url: string; readonly secret: string };
    /** Where the desk's people say what they have done. */
    readonly confirmUrl: string;
    /** Signs the links to there; the staff API has the same. */
    readonly confirmSecret: string;
  };
  readonly mail: { readonly smtpUrl: string; readonly from: string };
  readonly webhookSecret: string;
  /** The workflows as one file, made of this very version; left out, each start makes its own. */
  readonly workflowBundle?: string;
  readonly logLevel: string;
}

/** What the staff API needs to know. */
export interface StaffApiConfig {
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly databaseUrl: string;
  readonly policyFile: PolicyFile;
  /** Those of the staff file: nobody, where there is none. */
  readonly staff: readonly StaffEntry[];
  /** The identity provider; left out where there is none. */
  readonly oidc?: OidcSettings;
  /** Where the public opens alert pages: it stands in posts and on cards. */
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly temporalUiUrl: string;
  /** Signs the links by which the partner desk says what it has done; left out where there is no desk. */
  readonly deskSecret?: string;
  readonly logLevel: string;
}

/** What the public site needs to know. */
export interface PublicSiteConfig {
  readonly databaseUrl: string;
  /** Its base address, as the public reaches it. */
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

/** What the migrations need to know. */
export interface MigrationConfig {
  /** As the owner of the tables. */
  readonly ownerDatabaseUrl: string;
  /** Its user and password become the role of the staff API and the worker. */
  readonly databaseUrl: string;
  /** Its user and password become the public site's role. */
  readonly publicDatabaseUrl: string;
}

/** What the embedded stack takes from the environment. Meta's variables are not among it: it reaches the simulator only. */
export interface StandaloneConfig {
  readonly dataFolder?: string;
  /** The Temporal CLI's executable, where it is not to be looked for. */
  readonly temporalCli?: string;
}

function partnerOf(read: WorkerSettings): Pick<WorkerConfig, 'partner'> {
  const { META_PARTNER_DESK: desk, META_PARTNER_SECRET: secret, MAFQOOD_DESK_SECRET: confirmSecret } = read;
  if (desk === undefined || confirmSecret === undefined) return {};
  const to = /^mailto:(.+)$/.exec(desk)?.[1];
  return {
    partner: {
      desk: to === undefined ? { by: 'webhook', url: desk, secret: secret ?? '' } : { by: 'mail', to },
      confirmUrl: read.MAFQOOD_DESK_URL ?? read.MAFQOOD_STAFF_URL,
      confirmSecret,
    },
  };
}

/** Reads the worker's settings. @throws ConfigError */
export function readWorkerConfig(environment: Environment = process.env): WorkerConfig {
  const read = check(workerSchema, environment);
  const { MAFQOOD_WORKFLOW_BUNDLE: workflowBundle } = read;
  return {
    temporal: { address: read.TEMPORAL_ADDRESS, namespace: read.TEMPORAL_NAMESPACE },
    databaseUrl: read.MAFQOOD_DATABASE_URL,
    policyFile: read.MAFQOOD_POLICY_FILE,
    publicUrl: read.MAFQOOD_PUBLIC_URL,
    staffUrl: read.MAFQOOD_STAFF_URL,
    meta: metaConfigOf(read),
    ...partnerOf(read),
    mail: { smtpUrl: read.SMTP_URL, from: read.MAFQOOD_MAIL_FROM },
    webhookSecret: read.MAFQOOD_WEBHOOK_SECRET,
    ...(workflowBundle === undefined ? {} : { workflowBundle }),
    logLevel: read.MAFQOOD_LOG_LEVEL,
  };
}

/**
 * Reads the worker's settings for somebody who wants to know what is wrong with them: what can be used is there all the same.
 * @param fromFile what a file says; the environment goes before it, as with Node's own `--env-file`
 */
export function examineWorkerConfig(
  fromFile: Environment = {},
  environment: Environment = process.env,
): ExaminedConfig {
  const given = setIn({ ...fromFile, ...environment });
  const meta = metaSchema.safeParse(given);
  return {
    problems: problemsOf(workerSchema.safeParse(given), given),
    meta: meta.success ? metaConfigOf(meta.data) : null,
    publicUrl: publicUrl.safeParse(given.MAFQOOD_PUBLIC_URL).data ?? null,
    policyFile: policyFile.safeParse(given.MAFQOOD_POLICY_FILE).data ?? null,
  };
}

/** Whether an address is one of Meta's own, and not the simulator's. */
export function isMetaItself(address: string): boolean {
  return URL.canParse(address) && META.test(new URL(address).hostname);
}

function metaConfigOf(read: z.output<typeof metaSchema>): MetaConfig {
  const { META_ACCESS_TOKEN: accessToken, META_IG_ACCESS_TOKEN, META_APP_SECRET: appSecret } = read;
  return {
    graphUrl: read.META_GRAPH_URL,
    version: read.META_API_VERSION,
    pageId: read.META_PAGE_ID,
    igUserId: read.META_IG_USER_ID,
    accessToken,
    igAccessToken: META_IG_ACCESS_TOKEN ?? accessToken,
    ...(appSecret === undefined ? {} : { appSecret }),
    facebookStrategy: read.META_FACEBOOK_STRATEGY,
    audience: read.META_AUDIENCE,
  };
}

/** Reads the staff API's settings. @throws ConfigError */
export function readStaffApiConfig(environment: Environment = process.env): StaffApiConfig {
  const read = check(staffApiSchema, environment);
  return {
    temporal: { address: read.TEMPORAL_ADDRESS, namespace: read.TEMPORAL_NAMESPACE },
    databaseUrl: read.MAFQOOD_DATABASE_URL,
    policyFile: read.MAFQOOD_POLICY_FILE,
    staff: read.MAFQOOD_STAFF_FILE ?? [],
    ...oidcOf(read),
    publicUrl: read.MAFQOOD_PUBLIC_URL,
    host: read.MAFQOOD_STAFF_HOST,
    port: read.MAFQOOD_STAFF_PORT,
    temporalUiUrl: read.TEMPORAL_UI_URL,
    ...(read.MAFQOOD_DESK_SECRET === undefined ? {} : { deskSecret: read.MAFQOOD_DESK_SECRET }),
    logLevel: read.MAFQOOD_LOG_LEVEL,
  };
}

function oidcOf(read: StaffApiSettings): Pick<StaffApiConfig, 'oidc'> {
  const { MAFQOOD_OIDC_ISSUER: issuer, MAFQOOD_OIDC_AUDIENCE: audience } = read;
  if (issuer === undefined || audience === undefined) return {};
  return {
    oidc: {
      issuer,
      audience,
      claims: {
        staffId: read.MAFQOOD_OIDC_STAFF_ID_CLAIM ?? 'sub',
        role: read.MAFQOOD_OIDC_ROLE_CLAIM ?? 'roles',
        jurisdictions: read.MAFQOOD_OIDC_JURISDICTIONS_CLAIM ?? 'jurisdictions',
      },
      roles: read.MAFQOOD_OIDC_ROLES ?? new Map(STAFF_ROLES.map((role) => [role, role])),
      secondFactor: {
        acr: read.MAFQOOD_OIDC_SECOND_FACTOR_ACR ?? [],
        amr: read.MAFQOOD_OIDC_SECOND_FACTOR_AMR ?? ['mfa', 'otp', 'hwk'],
        maxAgeMs: read.MAFQOOD_OIDC_SECOND_FACTOR_AGE ?? 12 * HOUR,
      },
    },
  };
}

/** Reads the public site's settings. @throws ConfigError */
export function readPublicSiteConfig(environment: Environment = process.env): PublicSiteConfig {
  const read = check(publicSiteSchema, environment);
  return {
    databaseUrl: read.MAFQOOD_PUBLIC_DATABASE_URL,
    publicUrl: read.MAFQOOD_PUBLIC_URL,
    host: read.MAFQOOD_PUBLIC_HOST,
    port: read.MAFQOOD_PUBLIC_PORT,
    logLevel: read.MAFQOOD_LOG_LEVEL,
  };
}

/** Reads the migrations' settings. @throws ConfigError */
export function readMigrationConfig(environment: Environment = process.env): MigrationConfig {
  const read = check(migrationSchema, environment);
  return {
    ownerDatabaseUrl: read.MAFQOOD_OWNER_DATABASE_URL,
    databaseUrl: read.MAFQOOD_DATABASE_URL,
    publicDatabaseUrl: read.MAFQOOD_PUBLIC_DATABASE_URL,
  };
}

/**
 * Reads which database's audit is looked at.
 * @param fromFile what a file says; the environment goes before it
 * @throws ConfigError
 */
export function readAuditConfig(
  fromFile: Environment = {},
  environment: Environment = process.env,
): Pick<WorkerConfig, 'databaseUrl'> {
  return { databaseUrl: check(auditSchema, { ...fromFile, ...environment }).MAFQOOD_DATABASE_URL };
}

/** Reads where Temporal is, for what is done to Temporal alone. @throws ConfigError */
export function readTemporalConfig(environment: Environment = process.env): WorkerConfig['temporal'] {
  const read = check(temporalSchema, environment);
  return { address: read.TEMPORAL_ADDRESS, namespace: read.TEMPORAL_NAMESPACE };
}

/** Reads the embedded stack's few settings. @throws ConfigError */
export function readStandaloneConfig(environment: Environment = process.env): StandaloneConfig {
  const { MAFQOOD_DATA: dataFolder, MAFQOOD_TEMPORAL_CLI: temporalCli } = check(standaloneSchema, environment);
  return {
    ...(dataFolder === undefined ? {} : { dataFolder }),
    ...(temporalCli === undefined ? {} : { temporalCli }),
  };
}

/**
 * Reads the secrets of the simulator of Meta. They are not among its arguments, which everybody on the machine can read.
 * @throws ConfigError
 */
export function readSimulatorSecrets(environment: Environment = process.env): SimulatorSecrets {
  const read = check(simulatorSchema, environment);
  return {
    ...(read.SIMULATOR_ACCESS_TOKEN === undefined ? {} : { accessToken: read.SIMULATOR_ACCESS_TOKEN }),
    ...(read.SIMULATOR_APP_SECRET === undefined ? {} : { appSecret: read.SIMULATOR_APP_SECRET }),
    ...(read.SIMULATOR_DESK_SECRET === undefined ? {} : { deskSecret: read.SIMULATOR_DESK_SECRET }),
  };
}

/**
 * Settings for a process that starts. What is wrong with them goes to its error output in plain words, and the process ends with
 * exit code 1 before it has done anything.
 */
export function settingsOrExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`Mafqood does not start: ${error.message}\n`);
    process.exit(1);
  }
}

function check<T extends z.ZodType>(schema: T, environment: Environment): z.output<T> {
  const given = setIn(environment);
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new ConfigError(problemsOf(read, given));
}

/** A shell has no way to say "not set" but the empty text. */
function setIn(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

function problemsOf(read: z.ZodSafeParseResult<unknown>, given: Environment): string[] {
  return (read.error?.issues ?? []).map(({ code, path, message }) => {
    const name = path.join('.');
    return `${name}: ${name in given || code === 'custom' ? message : 'is not set'}`;
  });
}
