import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { SECOND } from '../domain/time.js';
import { TEST_IMAGE_PATH } from '../media/test-image.js';
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

/** What stands in front of the public site may treat Meta's fetchers in another way than a browser. */
const AS_META = { 'user-agent': 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)' };

const PUBLIC_SITE = 'is the public site running, and does what stands in front of it let /images through, to Meta too?';

/** Where the test image is fetched, by the doctor and by Meta. */
export function testImageUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/$/, '')}${TEST_IMAGE_PATH}`;
}

/**
 * Whether an image can be fetched from the public site by its public address, as Meta would. Seen from here: that Meta's fetchers reach
 * it too, only staging proves.
 * @param forMeta whether it is Meta that fetches, which is on the Internet
 */
export async function checkImages(publicUrl: string, forMeta: boolean): Promise<Finding[]> {
  return [await fetched(publicUrl), ...(forMeta ? await reachable(new URL(publicUrl)) : [])];
}

async function fetched(publicUrl: string): Promise<Finding> {
  const of = 'images';
  const failed = (says: string): Finding => ({ of, verdict: 'fail', says, next: PUBLIC_SITE });
  const url = testImageUrl(publicUrl);
  try {
    const response = await fetch(url, {
      headers: AS_META,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) return failed(`${url} answers ${response.status}`);
    const isJpeg = response.headers.get('content-type') === 'image/jpeg' && bytes[0] === 0xff && bytes[1] === 0xd8;
    if (!isJpeg) return failed(`${url} is no JPEG`);
    return { of, verdict: 'pass', says: `${url} can be fetched from here; that Meta can too, --probe tells` };
  } catch {
    return failed(`${url} does not answer within ${PATIENCE / SECOND} s`);
  }
}

async function reachable({ protocol, hostname }: URL): Promise<Finding[]> {
  const of = 'images: address';
  const host = hostname.replace(/^\[|\]$/g, '');
  // A name that is not known has been told of by then.
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const inside = addresses.find(({ address }) => NOT_PUBLIC.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
  if (inside) {
    const next = 'set MAFQOOD_PUBLIC_URL to an address that is reached from the Internet';
    const as = inside.address === host ? '' : `, which is ${inside.address} here`;
    return [{ of, verdict: 'fail', says: `Meta cannot reach ${host}${as}`, next }];
  }
  if (protocol !== 'https:') {
    const next = 'put TLS in front of the public site';
    return [{ of, verdict: 'warn', says: 'MAFQOOD_PUBLIC_URL is not https', next }];
  }
  return [];
}
