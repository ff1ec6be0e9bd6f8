// Calls an RPC again and again with an empty request, and says how it went. It runs in a pod of a service, which has
// gRPC and no file of it, and goes out through the pod's proxy under its name:
//
//   kubectl exec -i deployment/frontend -c frontend -- /nodejs/bin/node - \
//     productcatalogservice:3550 /hipstershop.ProductCatalogService/ListProducts --times 20 --at-once 5 \
//     --deadline-ms 1000 --metadata 'x-lesson: slow' < istio-manifests/lessons/ask-rpc.js
const { parseArgs } = require('node:util');
const { Client, Metadata, credentials, status } = require('@grpc/grpc-js');

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '1' },
    'deadline-ms': { type: 'string', default: '5000' },
    metadata: { type: 'string', multiple: true, default: [] },
  },
});
const [address, rpc] = positionals;
// One attempt: those of the proxy are to be seen.
const client = new Client(address, credentials.createInsecure(), { 'grpc.enable_retries': 0 });

function metadata() {
  const made = new Metadata();
  for (const line of values.metadata) made.set(...line.split(/: */, 2));
  return made;
}

/** One call: its code, what was said about it, and how long it took. */
function ask() {
  const start = performance.now();
  const deadline = Date.now() + Number(values['deadline-ms']);
  const bytes = (value) => value;
  return new Promise((resolve) => {
    client.makeUnaryRequest(rpc, bytes, bytes, Buffer.alloc(0), metadata(), { deadline }, (error) => {
      const { code, details } = error ?? { code: status.OK, details: '' };
      resolve({ outcome: status[code], details, seconds: (performance.now() - start) / 1000 });
    });
  });
}

async function main() {
  let left = Number(values.times);
  const answers = [];
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      answers.push(await ask());
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, caller));
  client.close();
  process.stdout.write(`${answers.length} calls: ${[...outcomesOf(answers), timesOf(answers)].join(', ')}\n`);
}

// What was said about a code is said once: it may have another figure in it each time.
function outcomesOf(answers) {
  return [...new Set(answers.map(({ outcome }) => outcome))].map((outcome) => {
    const same = answers.filter((answer) => answer.outcome === outcome);
    const [{ details }] = same;
    return `${same.length} ${outcome}${details === '' ? '' : ` (${details})`}`;
  });
}

function timesOf(answers) {
  const seconds = answers.map((answer) => answer.seconds);
  return `${Math.min(...seconds).toFixed(2)} s to ${Math.max(...seconds).toFixed(2)} s`;
}

void main();
