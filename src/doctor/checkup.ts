import { createGraphClient } from '../channels/graph-client.js';
import { type ExaminedConfig, isMetaItself, type MetaConfig } from '../config.js';
import { checkInstagram, checkPage, checkQuota } from './accounts.js';
import { checkConfiguration } from './configuration.js';
import type { Finding } from './finding.js';
import { checkImages } from './images.js';
import { checkProof } from './proof.js';
import { checkToken, INSTAGRAM_PERMISSIONS, PAGE_PERMISSIONS } from './token.js';

/** Looks at everything that can be looked at without changing anything. */
export async function checkUp(config: ExaminedConfig): Promise<Finding[]> {
  const { meta, publicUrl } = config;
  return [
    ...checkConfiguration(config),
    ...(meta === null ? [] : await checkMeta(meta)),
    ...(publicUrl === null ? [] : await checkImages(publicUrl, meta !== null && isMetaItself(meta.graphUrl))),
  ];
}

async function checkMeta(meta: MetaConfig): Promise<Finding[]> {
  const { pageId, igUserId, accessToken, igAccessToken } = meta;
  const graph = createGraphClient(meta);
  const igGraph = createGraphClient({ ...meta, accessToken: igAccessToken });
  const now = Date.now();
  const tokens =
    accessToken === igAccessToken
      ? [{ of: 'token', on: graph, token: accessToken, permissions: { ...PAGE_PERMISSIONS, ...INSTAGRAM_PERMISSIONS } }]
      : [
          { of: 'token of the Page', on: graph, token: accessToken, permissions: PAGE_PERMISSIONS },
          { of: 'token of Instagram', on: igGraph, token: igAccessToken, permissions: INSTAGRAM_PERMISSIONS },
        ];
  const checked = await Promise.all(
    tokens.map(({ of, on, token, permissions }) => checkToken(on, token, { of, permissions, now })),
  );
  return [
    ...checked.flat(),
    await checkProof(meta),
    await checkPage(graph, pageId, igUserId),
    await checkInstagram(igGraph, igUserId),
    await checkQuota(igGraph, igUserId),
  ];
}
