// Calls an RPC several times with an empty request and prints one line with the results. call-rpc.sh runs it in a pod of a
// service, whose image contains grpc-js.
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
// No retries in the client: the lessons show those of the proxy.
const client = new Client(address, credentials.createInsecure(), { 'grpc.enable_retries': 0 });

function metadata() {
  const entries = new Metadata();
  for (const line of values.metadata) entries.set(...line.split(/: */, 2));
  return entries;
}

/** One call: its status, the status message and its duration. */
function call() {
  const start = performance.now();
  const deadline = Date.now() + Number(values['deadline-ms']);
  const bytes = (value) => value;
  return new Promise((resolve) => {
    client.makeUnaryRequest(`/${rpc}`, bytes, bytes, Buffer.alloc(0), metadata(), { deadline }, (error) => {
      const { code, details } = error ?? { code: status.OK, details: '' };
      resolve({ outcome: status[code], details, seconds: (performance.now() - start) / 1000 });
    });
  });
}

async function main() {
  let remaining = Number(values.times);
  const calls = [];
  const worker = async () => {
    while (remaining > 0) {
      remaining -= 1;
      calls.push(await call());
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, worker));
  client.close();
  process.stdout.write(`${calls.length} calls: ${[...outcomesOf(calls), durationsOf(calls)].join(', ')}\n`);
}

// One message for each status: messages of the same status may differ in a figure.
function outcomesOf(calls) {
  return [...new Set(calls.map(({ outcome }) => outcome))].map((outcome) => {
    const same = calls.filter((one) => one.outcome === outcome);
    const [{ details }] = same;
    return `${same.length} ${outcome}${details === '' ? '' : ` (${details})`}`;
  });
}

function durationsOf(calls) {
  const seconds = calls.map((one) => one.seconds);
  return `${Math.min(...seconds).toFixed(2)} s to ${Math.max(...seconds).toFixed(2)} s`;
}

void main();
