// Runs inside a pod, by `kubectl exec ... node -e`. Requests one page after another until its standard input ends, and
// prints `started` after the first page and `<failed> of <all> pages failed` at the end.
const PAUSE_MS = 20;
const TIMEOUT_MS = 10_000;

const [url] = process.argv.slice(1);
let ended = false;
process.stdin.on('end', () => {
  ended = true;
});
process.stdin.resume();

async function isPage() {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function main() {
  let [failed, all] = [0, 0];
  do {
    if (!(await isPage())) failed += 1;
    all += 1;
    if (all === 1) process.stdout.write('started\n');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (!ended);
  process.stdout.write(`${failed} of ${all} pages failed\n`);
}

void main();
