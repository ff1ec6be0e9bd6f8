/**
 * Fails a test file that leaves a server, a connection or a child process open. Runs after every test file.
 */
const WATCHED = new Set(['TCPServerWrap', 'TCPSocketWrap', 'PipeWrap', 'ProcessWrap', 'FSEventWrap', 'UDPWrap']);
const SETTLE_MS = 30_000;

function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (WATCHED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

const before = openResources();

afterAll(async () => {
  const leaks = (): string[] =>
    [...openResources()].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [`${more} ${kind}`] : [];
    });
  // A closed socket disappears a few turns of the event loop later. The limit is reached only when there is a leak.
  const deadline = Date.now() + SETTLE_MS;
  while (leaks().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  if (leaks().length > 0) throw new Error(`this test file left open: ${leaks().join(', ')}`);
});
