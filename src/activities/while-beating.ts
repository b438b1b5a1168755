import { Context } from '@temporalio/activity';

/** How often work says that it is alive (the SDK passes on what is due); by the answer it hears that it was called off. */
const HEARTBEAT_MS = 2_000;

/** Does some work of an activity, and says all the while that it is alive. */
export async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
