/** A child for the tests: ready with its environment and its process number; ends orderly on SIGTERM unless told to be stubborn. */
process.on('SIGTERM', () => {
  if (process.argv[2] !== 'stubborn') process.exit(0);
});
setInterval(() => undefined, 1000);
process.send?.({ ready: true, environment: process.env, parent: process.ppid });
