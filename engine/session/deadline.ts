/**
 * Calls `expired` once `ms` milliseconds have gone by, but only after a poll phase has delivered what had arrived
 * until then. A timer alone runs before the poll phase: after a busy stretch of the event loop it would call sockets
 * silent whose answers already wait in the kernel. Returns the function that calls it off.
 */
export function afterPoll(ms: number, expired: () => void): () => void {
  let pending: NodeJS.Immediate | undefined;
  let done = false;
  const timer = setTimeout(() => {
    pending = setImmediate(() => {
      pending = setImmediate(() => {
        if (!done) expired();
      });
    });
  }, ms);
  return () => {
    done = true;
    clearTimeout(timer);
    if (pending !== undefined) clearImmediate(pending);
  };
}
