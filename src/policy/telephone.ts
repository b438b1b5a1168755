import { createRequire } from 'node:module';
import { isValidPhoneNumber, type MetadataJson } from 'libphonenumber-js/core';

// Not by the package's own import of it, which Node and Jest warn of.
const METADATA = createRequire(import.meta.url)('libphonenumber-js/metadata.max.json') as MetadataJson;

/** Emergency numbers and helplines that are dialled as they are: 999, 112, 116 000. */
const SHORT = /^[0-9](?: ?[0-9]){2,5}$/;
const INTERNATIONAL = /^\+[0-9](?: ?[0-9])*$/;

/**
 * Whether the public can call a number: a short one, or one with its country code that is given out in that country. It is shown as it is
 * written, so it has only digits, single spaces and the plus sign.
 */
export function isTelephone(text: string): boolean {
  return SHORT.test(text) || (INTERNATIONAL.test(text) && isValidPhoneNumber(text, METADATA));
}
