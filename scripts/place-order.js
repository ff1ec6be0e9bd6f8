// Buys a mug from a running shop the way a browser does, and prints what became of the order. Needs no dependencies.
//
//   node scripts/place-order.js                           the shop of `make run`
//   node scripts/place-order.js --card 4000000000000002   a card that is declined
//   node scripts/place-order.js --repeat 3                submits the same form three times at once
//   node scripts/place-order.js --shop http://127.0.0.1:9000 --console http://127.0.0.1:9001
const { randomBytes } = require('node:crypto');
const { parseArgs } = require('node:util');

const MUG = '6E92ZMYYFZ';
const POLL_MS = 500;
const POLLS = 40;

const { values } = parseArgs({
  options: {
    shop: { type: 'string', default: 'http://127.0.0.1:8080' },
    console: { type: 'string', default: 'http://127.0.0.1:8090' },
    card: { type: 'string' },
    repeat: { type: 'string', default: '1' },
  },
});
const cookies = new Map();

/** Sends a request with the session's cookies; posts a form when there is one. */
async function request(path, { form, headers } = {}) {
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const response = await fetch(new URL(path, values.shop), {
    method: form === undefined ? 'GET' : 'POST',
    headers: { ...headers, cookie },
    body: form,
    redirect: 'manual',
  });
  for (const set of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    cookies.set(name, value);
  }
  return response;
}

/** The fields of the checkout form, filled in as the page shows them. */
function checkoutForm(html) {
  const [, form = ''] = /<form[^>]*action="[^"]*\/cart\/checkout"([\s\S]*?)<\/form>/.exec(html) ?? [];
  const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  const fields = new URLSearchParams();
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) fields.set(attribute(tag, 'name'), attribute(tag, 'value'));
  for (const [, tag, options] of form.matchAll(/<select([^>]*)>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option[^>]*\bselected\b[^>]*>/.exec(options) ?? /<option[^>]*value="[^"]+"[^>]*>/.exec(options);
    fields.set(attribute(tag, 'name'), attribute(chosen?.[0] ?? '', 'value'));
  }
  return fields;
}

const textOf = (html) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** What a page says about an order that was not placed: the notice above the form, or else its heading. */
function refusal(html) {
  const [, notice] = /<section class="notice notice-bad"[^>]*>([\s\S]*?)<\/section>/.exec(html) ?? [];
  const [, heading = ''] = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html) ?? [];
  return textOf(notice ?? heading);
}

/** Submits the form once, with a new trace id. */
async function submit(form) {
  const traceId = randomBytes(16).toString('hex');
  const start = performance.now();
  const response = await request('/cart/checkout', {
    form,
    headers: { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` },
  });
  const ms = Math.round(performance.now() - start);
  return { response, traceId, ms, html: await response.text() };
}

/** The states in an order's history, once the order is in its last state: until then its page asks to be reloaded. */
async function history(path) {
  for (let poll = 0; ; poll += 1) {
    const page = await request(path);
    const html = await page.text();
    if (page.headers.has('refresh') && poll < POLLS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      continue;
    }
    const [, list = ''] = /<ol class="history">([\s\S]*?)<\/ol>/.exec(html) ?? [];
    return [...list.matchAll(/<li><span>(.*?)<\/span>/g)].map(([, label]) => label).join(' -> ');
  }
}

async function main() {
  await request('/cart', { form: new URLSearchParams({ product_id: MUG, quantity: '1' }) });
  const form = checkoutForm(await (await request('/cart')).text());
  if (values.card !== undefined) form.set('credit_card_number', values.card);
  const submissions = await Promise.all(Array.from({ length: Number(values.repeat) }, () => submit(form)));
  const orders = new Set();
  for (const { response, traceId, ms, html } of submissions) {
    const location = response.headers.get('location');
    if (location !== null) orders.add(location);
    process.stdout.write(`HTTP ${response.status} after ${ms} ms  ${location ?? refusal(html)}\n`);
    process.stdout.write(`  trace    ${values.console}/traces/${traceId}\n`);
  }
  for (const order of orders)
    process.stdout.write(`order ${order.split('/').pop()}\n  history  ${await history(order)}\n`);
}

main().catch((error) => {
  const cause = error.cause?.code ?? error.message;
  process.stderr.write(`${values.shop}: ${cause}. Is the shop running? Start it with: make run\n`);
  process.exitCode = 1;
});
