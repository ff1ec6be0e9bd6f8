import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import type { Budgets } from './budgets.ts';
import { readConfig } from './config.ts';
import type { FakeShop } from './fake-shop.testing.ts';
import { start } from './service.ts';

/** A running frontend with its runtime. */
export type TestFrontend = RunningService & { readonly url: string; readonly runtime: TestRuntime };

/** Long enough that no result depends on the speed of the machine. A test of a timeout sets that timeout itself. */
const AMPLE: Budgets = { pageMs: 600_000, checkoutMs: 1_200_000, optionalPartMs: 300_000, readinessMs: 300_000 };

/** Starts the real frontend on loopback, in front of a fake shop. */
export async function startTestFrontend(
  shop: Pick<FakeShop, 'addresses'>,
  env: Readonly<Record<string, string>> = {},
  { budgets, ...given }: Partial<Runtime> & { readonly budgets?: Partial<Budgets> } = {},
): Promise<TestFrontend> {
  const runtime = testRuntime({ service: 'frontend', ...given });
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', ...shop.addresses, ...env });
  const service = await start({ ...config, budgets: { ...AMPLE, ...budgets } }, runtime);
  return { ...service, runtime, url: `http://${service.address}` };
}

/** A response. */
export type Got = { readonly status: number; readonly headers: Headers; readonly text: string };

/** A browser that keeps cookies and does not follow redirects. */
export type Shopper = {
  readonly cookies: Map<string, string>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Got>;
  /** Sends a form. */
  readonly post: (path: string, form?: Record<string, string>, headers?: Record<string, string>) => Promise<Got>;
};

/** A shopper without cookies. */
export function newShopper(url: string): Shopper {
  const cookies = new Map<string, string>();
  const ask = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers: Record<string, string> },
  ): Promise<Got> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...init.headers };
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, form = {}, headers = {}) => ask(path, { method: 'POST', body: new URLSearchParams(form), headers }),
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1);
  const equals = pair.indexOf('=');
  if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, equals));
  else cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
}

/** A checkout form without a mistake. */
export const GOOD_FORM: Readonly<Record<string, string>> = {
  email: 'someone@example.com',
  street_address: '1600 Amphitheatre Parkway',
  zip_code: '94043',
  city: 'Mountain View',
  state: 'CA',
  country: 'United States',
  credit_card_number: '4432801561520454',
  credit_card_expiration_month: '1',
  credit_card_expiration_year: '2030',
  credit_card_cvv: '672',
};

/** The hidden fields of the checkout form on a page. */
export function hiddenFieldsOn(page: Got): Record<string, string> {
  const inputs = page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, value]));
}
