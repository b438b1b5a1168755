import type { Secrets } from './secrets.js';

/** Where the parts of a stack find each other. */
export interface Addresses {
  /** As the role of the staff API and the worker. */
  databaseUrl: string;
  /** The same database as the public site's role. */
  publicDatabaseUrl: string;
  temporal: { address: string; namespace: string; uiUrl: string };
  simulator: SimulatedMeta;
  /** Where the partner desk is handed alerts: the simulator's own when left out. */
  partnerDesk?: string;
  smtpUrl: string;
  staffUrl: string;
  publicUrl: string;
  policyFile: string;
}

/** Where the simulator stands in for Meta, and with which accounts. */
export interface SimulatedMeta {
  url: string;
  pageId: string;
  igUserId: string;
  accessToken: string;
}

type Environment = Record<string, string>;

export function workerEnvironment(at: Addresses, secrets: Secrets): Environment {
  return {
    MAFQOOD_DATABASE_URL: at.databaseUrl,
    TEMPORAL_ADDRESS: at.temporal.address,
    TEMPORAL_NAMESPACE: at.temporal.namespace,
    MAFQOOD_POLICY_FILE: at.policyFile,
    MAFQOOD_PUBLIC_URL: at.publicUrl,
    MAFQOOD_STAFF_URL: at.staffUrl,
    META_GRAPH_URL: at.simulator.url,
    META_API_VERSION: 'v26.0',
    META_PAGE_ID: at.simulator.pageId,
    META_IG_USER_ID: at.simulator.igUserId,
    META_ACCESS_TOKEN: at.simulator.accessToken,
    META_AUDIENCE: 'simulator',
    META_PARTNER_DESK: at.partnerDesk ?? `${at.simulator.url}/desk`,
    META_PARTNER_SECRET: secrets.partnerSecret,
    MAFQOOD_DESK_SECRET: secrets.deskSecret,
    SMTP_URL: at.smtpUrl,
    MAFQOOD_MAIL_FROM: 'mafqood@mafqood.example',
    MAFQOOD_WEBHOOK_SECRET: secrets.webhookSecret,
  };
}

export function staffApiEnvironment(at: Addresses, secrets: Secrets): Environment {
  return {
    MAFQOOD_DATABASE_URL: at.databaseUrl,
    TEMPORAL_ADDRESS: at.temporal.address,
    TEMPORAL_NAMESPACE: at.temporal.namespace,
    MAFQOOD_POLICY_FILE: at.policyFile,
    MAFQOOD_STAFF_FILE: secrets.staffFile,
    MAFQOOD_PUBLIC_URL: at.publicUrl,
    ...hostAndPort('MAFQOOD_STAFF', at.staffUrl),
    TEMPORAL_UI_URL: at.temporal.uiUrl,
    MAFQOOD_DESK_SECRET: secrets.deskSecret,
  };
}

export function publicSiteEnvironment(at: Addresses): Environment {
  return {
    MAFQOOD_PUBLIC_DATABASE_URL: at.publicDatabaseUrl,
    MAFQOOD_PUBLIC_URL: at.publicUrl,
    ...hostAndPort('MAFQOOD_PUBLIC', at.publicUrl),
  };
}

function hostAndPort(prefix: string, address: string): Environment {
  const { hostname, port } = new URL(address);
  return { [`${prefix}_HOST`]: hostname, [`${prefix}_PORT`]: port };
}
