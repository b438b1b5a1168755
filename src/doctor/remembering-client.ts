import type { GraphClient } from '../channels/graph-client.js';

/** A client, and the ids of the unpublished photos that were made with it: they are listed nowhere. */
export interface Remembering {
  readonly graph: GraphClient;
  readonly photos: readonly string[];
}

/** Remembers what can only be tidied up by somebody who knows its id. */
export function remembering(graph: GraphClient): Remembering {
  const photos: string[] = [];
  return {
    photos,
    graph: {
      ...graph,
      harmless: async (call, signal) => {
        const answer = await graph.harmless(call, signal);
        const { id } = Object(answer) as { id?: unknown };
        if (call.method === 'POST' && call.path[1] === 'photos' && typeof id === 'string') photos.push(id);
        return answer;
      },
    },
  };
}
