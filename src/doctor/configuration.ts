import { type ExaminedConfig, isMetaItself, type MetaConfig } from '../config.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { Finding } from './finding.js';

/** Whether the worker would start with these settings, and whom it would publish to. */
export function checkConfiguration({ problems, meta, policyFile }: ExaminedConfig): Finding[] {
  const next = { next: 'the variables are in docs/operations.md' };
  const wrong = problems.map((says, index): Finding => ({
    of: 'settings',
    verdict: 'fail',
    says,
    ...(index === problems.length - 1 && next),
  }));
  const sound: Finding = { of: 'settings', verdict: 'pass', says: 'every variable of the worker can be used' };
  return [
    ...(wrong.length > 0 ? wrong : [sound]),
    ...(policyFile === null ? [] : [policyOf(policyFile)]),
    ...(meta === null ? [] : [audienceOf(meta)]),
  ];
}

/** The countries that a probe targets its post at: those of the policy's first jurisdiction, none when there is no policy to be read. */
export function countriesOf({ policyFile }: ExaminedConfig): readonly string[] {
  return Object.values(policyFile?.jurisdictions ?? {})[0]?.countries ?? [];
}

function policyOf({ policy }: PolicyFile): Finding {
  return { of: 'policy', verdict: 'pass', says: `version ${policy.version}` };
}

function audienceOf({ graphUrl, version, audience, facebookStrategy }: MetaConfig): Finding {
  const whom = {
    simulator: 'nobody but the simulator',
    test: 'those who see the test page: every kind of case goes out',
    public: 'the public: actual cases only',
  }[audience];
  const where = isMetaItself(graphUrl) ? `Meta, ${version}` : `${new URL(graphUrl).host}, ${version}`;
  return { of: 'audience', verdict: 'pass', says: `${whom} (${where}; Facebook by ${facebookStrategy})` };
}
