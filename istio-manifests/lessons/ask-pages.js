// Asks a page again and again, one after another, and says how it went. It runs in a pod, which has no file of it:
//
//   kubectl exec -i deployment/loadgenerator -c loadgenerator -- /nodejs/bin/node - \
//     http://frontend/ --times 20 --find 'version 2' --header 'x-canary: yes' < istio-manifests/lessons/ask-pages.js
const { parseArgs } = require('node:util');

const LIMIT_MS = 10_000;

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

/** One page: its status, or why there is none, and how long it took. */
async function ask() {
  const start = performance.now();
  try {
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) });
    const found = values.find !== undefined && (await answer.text()).includes(values.find);
    return { outcome: `status ${answer.status}`, found, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    const reason = error.cause?.code ?? error.name;
    return { outcome: `failed (${reason})`, found: false, seconds: (performance.now() - start) / 1000 };
  }
}

async function main() {
  const answers = [];
  for (let count = 0; count < Number(values.times); count += 1) answers.push(await ask());
  const seconds = answers.map((answer) => answer.seconds);
  const outcomes = new Map();
  for (const { outcome } of answers) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const parts = [
    ...Array.from(outcomes, ([outcome, count]) => `${count} ${outcome}`),
    ...(values.find === undefined ? [] : [`${answers.filter(({ found }) => found).length} with ${values.find}`]),
    `${Math.min(...seconds).toFixed(2)} s to ${Math.max(...seconds).toFixed(2)} s`,
  ];
  process.stdout.write(`${answers.length} pages: ${parts.join(', ')}\n`);
}

void main();
