import { z } from 'zod';

/** A schema in the dialect of OpenAPI 3.1, which is JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Turns zod's schemas into JSON Schema, and keeps those that have an id as components of a document. */
export class JsonSchemas {
  readonly #components = new Map<string, JsonSchema>();

  /** What may be sent: what a schema turns it into, the sender need not know. */
  ofInput(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'input');
  }

  /** What is answered. */
  ofOutput(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'output');
  }

  /** The components so far, by name. */
  components(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // Wrapped, because zod writes an id only of what stands inside something else as a definition of its own.
    const { properties, $defs = {} } = z.toJSONSchema(z.strictObject({ it: schema }), { io, target: 'draft-2020-12' });
    for (const [id, definition] of Object.entries($defs)) {
      delete definition.id;
      this.#keep(id, pointed(definition) as JsonSchema);
    }
    return pointed(properties?.it) as JsonSchema;
  }

  #keep(id: string, definition: JsonSchema): void {
    const kept = this.#components.get(id);
    if (kept && JSON.stringify(kept) !== JSON.stringify(definition)) {
      throw new Error(`two different schemas have the id ${id}`);
    }
    this.#components.set(id, definition);
  }
}

/** The same, with its references pointing to the components of the document. */
function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      key === '$ref' && typeof item === 'string' ? item.replace('#/$defs/', '#/components/schemas/') : pointed(item),
    ]),
  );
}
