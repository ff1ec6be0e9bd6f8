// Requests a page several times in sequence and prints one line with the results. get-pages.sh runs it in a pod.
const { parseArgs } = require('node:util');

const TIMEOUT_MS = 10_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '1' },
    find: { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
  },
});
const [url] = positionals;
const headers = Object.fromEntries(values.header.map((header) => header.split(/: */, 2)));

/** One request: its status or the error code, and its duration. */
async function getPage() {
  const start = performance.now();
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const found = values.find !== undefined && (await response.text()).includes(values.find);
    return { outcome: `status ${response.status}`, found, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    const reason = error.cause?.code ?? error.name;
    return { outcome: `failed (${reason})`, found: false, seconds: (performance.now() - start) / 1000 };
  }
}

async function main() {
  const pages = [];
  for (let count = 0; count < Number(values.times); count += 1) pages.push(await getPage());
  const seconds = pages.map((page) => page.seconds);
  const outcomes = new Map();
  for (const { outcome } of pages) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const parts = [
    ...Array.from(outcomes, ([outcome, count]) => `${count} ${outcome}`),
    ...(values.find === undefined ? [] : [`${pages.filter(({ found }) => found).length} with ${values.find}`]),
    `${Math.min(...seconds).toFixed(2)} s to ${Math.max(...seconds).toFixed(2)} s`,
  ];
  process.stdout.write(`${pages.length} pages: ${parts.join(', ')}\n`);
}

void main();
