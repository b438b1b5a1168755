import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { GraphError, invalidParameter } from './graph-error.js';
import type { Parameters } from './parameters.js';
import { SCOPES } from './scopes.js';
import type { GraphCall, Operations, Simulation } from './simulation.js';

/** `debug_token`: what Meta tells about an access token. */
export const tokenOperations: Operations = {
  GET: { endpoint: 'token.inspect', run: inspectToken },
};

/** @throws GraphError if the call has not the right token or, where the app has a secret, does not prove that it comes from the app */
export function authenticate({ log, settings }: Simulation, request: Request, parameters: Parameters): void {
  const bearer = /^(?:Bearer|OAuth) (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const token = bearer ?? parameters.text('access_token');
  if (token === undefined) {
    throw GraphError.of('invalidToken', 'An access token is required to request this resource.');
  }
  if (token !== log.accounts.accessToken) throw GraphError.of('invalidToken');
  if (settings.appSecret !== undefined) checkProof(settings.appSecret, token, parameters.text('appsecret_proof'));
}

function checkProof(appSecret: string, token: string, proof: string | undefined): void {
  if (proof === undefined) {
    throw GraphError.of('badProof', 'API calls from the server require an appsecret_proof argument');
  }
  const expected = createHmac('sha256', appSecret).update(token).digest();
  const given = Buffer.from(proof, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw GraphError.of('badProof');
}

function inspectToken({ log, settings }: Simulation, { parameters, disturbance }: GraphCall): object {
  const token = parameters.text('input_token');
  if (token === undefined) throw invalidParameter('The parameter input_token is required');
  const problem =
    token !== log.accounts.accessToken
      ? 'invalidToken'
      : disturbance.tokenExpired === true
        ? 'tokenExpired'
        : undefined;
  const { code, message, subcode } = problem === undefined ? {} : GraphError.of(problem);
  return {
    data: {
      type: 'PAGE',
      application: 'Mafqood (simulated)',
      profile_id: log.accounts.pageId,
      is_valid: problem === undefined,
      // 0: a Page's long-lived token ends by itself only when it is used for nothing for months.
      expires_at: 0,
      scopes: problem === 'invalidToken' ? [] : SCOPES.filter((scope) => !settings.missingScopes.includes(scope)),
      ...(problem === undefined ? {} : { error: { code, message, subcode } }),
    },
  };
}
