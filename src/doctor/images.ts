import { BlockList, isIP, isIPv6 } from 'node:net';
import { SECOND } from '../domain/time.js';
import type { Finding } from './finding.js';

const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv4');
}
NOT_PUBLIC.addAddress('::1', 'ipv6');
NOT_PUBLIC.addSubnet('fc00::', 7, 'ipv6');
NOT_PUBLIC.addSubnet('fe80::', 10, 'ipv6');

const PATIENCE = 5 * SECOND;

/**
 * Whether the public site, from which Meta fetches the images, answers here. That Meta's fetchers reach it too, only staging proves.
 * @param forMeta whether it is Meta that fetches, which is on the Internet
 */
export async function checkImages(publicUrl: string, forMeta: boolean): Promise<Finding[]> {
  return [await answers(publicUrl), ...(forMeta ? reachable(publicUrl) : [])];
}

async function answers(publicUrl: string): Promise<Finding> {
  const of = 'images';
  try {
    const address = `${publicUrl.replace(/\/$/, '')}/healthz`;
    const { status, ok } = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
    const proof = 'that Meta can fetch from it, only staging proves: see --probe';
    if (ok) return { of, verdict: 'ok', says: `MAFQOOD_PUBLIC_URL answers here; ${proof}` };
    return { of, verdict: 'failed', says: `MAFQOOD_PUBLIC_URL answers /healthz with ${status}`, next: PUBLIC_SITE };
  } catch {
    return {
      of,
      verdict: 'failed',
      says: `MAFQOOD_PUBLIC_URL does not answer within ${PATIENCE / 1_000} s`,
      next: PUBLIC_SITE,
    };
  }
}

const PUBLIC_SITE = 'is the public site running, and does what stands in front of it let /healthz and /images through?';

function reachable(publicUrl: string): Finding[] {
  const of = 'images: address';
  const { protocol, hostname } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isPrivate = isIP(host) > 0 ? NOT_PUBLIC.check(host, isIPv6(host) ? 'ipv6' : 'ipv4') : !host.includes('.');
  if (isPrivate || host.endsWith('.localhost')) {
    const next = 'set MAFQOOD_PUBLIC_URL to an address that is reached from the Internet';
    return [{ of, verdict: 'failed', says: `Meta cannot reach ${host}`, next }];
  }
  if (protocol !== 'https:') {
    return [
      { of, verdict: 'look', says: 'MAFQOOD_PUBLIC_URL is not https', next: 'put TLS in front of the public site' },
    ];
  }
  return [];
}
