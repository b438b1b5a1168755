import { DefaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/**
 * What stands for a payload that does not decode. Decoding comes before any handler: an error there would fail the workflow task
 * again and again, and one malformed signal would stop a case for good. Handlers see this value and refuse it.
 */
export const UNDECODABLE = Object.freeze({ undecodablePayload: true });

/** The default converter, but decoding never throws. Loaded by name by client, worker and workflow bundle. */
class ForgivingPayloadConverter implements PayloadConverter {
  readonly #default = new DefaultPayloadConverter();

  toPayload(value: unknown): Payload {
    return this.#default.toPayload(value);
  }

  // The interface promises its caller a type that nothing can know here.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  fromPayload<T>(payload: Payload): T {
    try {
      return this.#default.fromPayload<T>(payload);
    } catch {
      return UNDECODABLE as T;
    }
  }
}

export const payloadConverter = new ForgivingPayloadConverter();
