import type { GraphClient } from '../channels/graph-client.js';

/** A client, and the ids of what was made unpublished with it: photos are listed nowhere, posts not by every version. */
export interface Remembering {
  readonly graph: GraphClient;
  readonly hidden: readonly string[];
}

/** Remembers what can only be tidied up by somebody who knows its id. */
export function remembering(graph: GraphClient): Remembering {
  const hidden: string[] = [];
  return {
    hidden,
    graph: {
      ...graph,
      harmless: async (call, signal) => {
        const answer = await graph.harmless(call, signal);
        const { id } = Object(answer) as { id?: unknown };
        const isHidden = call.method === 'POST' && call.parameters?.published === false;
        if (isHidden && typeof id === 'string') hidden.push(id);
        return answer;
      },
    },
  };
}
