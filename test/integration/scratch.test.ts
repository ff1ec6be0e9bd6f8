import { startTestShop } from './test-shop.ts';
import { shopperWithBelongings } from './bystander.ts';
import { request } from 'node:http';
import { connect } from 'node:net';
const raw = (url: string, bytes: string | Buffer, end = false) => new Promise<string>((resolve) => {
  const { hostname, port } = new URL(url);
  const s = connect(Number(port), hostname, () => { end ? s.end(bytes) : s.write(bytes); });
  let out = '';
  s.on('data', (d) => { out += d.toString('latin1'); });
  s.on('error', (e) => { out += `ERR ${e.message}`; });
  s.on('close', () => resolve(out));
  setTimeout(() => { out += ' [TIMEOUT]'; s.destroy(); }, 3000).unref();
});
const short = (t: string) => t.slice(0, t.indexOf('\r\n')) + ' | ' + (/content-type: [^\r]*/i.exec(t)?.[0] ?? '-') + ' | ' + (/<title>[^<]*/.exec(t)?.[0] ?? t.split('\r\n\r\n')[1]?.slice(0, 150));
it('scratch', async () => {
  const t0 = performance.now();
  await using shop = await startTestShop();
  process.stderr.write(`start ${performance.now() - t0}\n`);
  const b = await shopperWithBelongings(shop, '00000000-0000-4000-8000-00000000000b');
  process.stderr.write(JSON.stringify(await b.belongings()) + '\n');
  const H = `Host: ${new URL(shop.url).host}\r\nConnection: close\r\n`;
  const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
  const cases: string[] = [];
  for (const p of ['/', '/nope', '/product/XXX', '/product/%ZZ', '/%', '/product/' + 'x'.repeat(300), '/product/' + 'x'.repeat(150), '/static/../service.ts', '/static/%2e%2e/service.ts', '/../../etc/passwd', '/static/..%2f..%2fpackage.json', '//evil.com/', '/product/%00', '/product/a%2Fb', '/search?q=%00', '/search?q=%ZZ', '/search?q=' + 'x'.repeat(200), '/order/%00', '/order/x','/product-meta/x', '/product-meta/%ff', '/static', '/static/', '/static/%00', '/static/nope.css', '/robots.txt', '/_healthz', '*', 'http://other.example/', '/?' + 'x=1&'.repeat(1000), '/\u00ff'])
    cases.push(`GET ${p} HTTP/1.1\r\n${H}\r\n`);
  for (const m of ['PUT', 'TRACE', 'CONNECT', 'PROPFIND', 'OPTIONS', 'HEAD', 'DELETE', 'PATCH', 'QUERY', 'BREW', 'get'])
    cases.push(`${m} /cart/empty HTTP/1.1\r\n${H}\r\n`);
  for (const p of ['/', '/product/x', '/search', '/cart', '/cart/empty', '/cart/checkout', '/order/x', '/setCurrency', '/logout', '/product-meta/x', '/_healthz', '/robots.txt', '/static/styles.css', '/nope']) for (const m of ['POST', 'DELETE', 'TRACE'])
    cases.push(`${m} ${p} HTTP/1.1\r\n${H}${form}Content-Length: 0\r\n\r\n`);
  for (const m of ['POST','PUT','DELETE', 'OPTIONS']) cases.push(`${m} /cart HTTP/1.1\r\n${H}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}Content-Length: 2\r\n\r\n{}`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}Content-Type: ;;\r\nContent-Length: 2\r\n\r\n{}`);
  cases.push(`POST /nope HTTP/1.1\r\n${H}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Content-Length: 0\r\n\r\n`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Content-Length: 5\r\n\r\na=1`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Content-Length: abc\r\n\r\na=1`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\na=1`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
  cases.push(`GET / HTTP/1.1\r\nConnection: close\r\n\r\n`);
  cases.push(`GET / HTTP/1.0\r\n\r\n`);
  cases.push(`GET / HTTP/9.9\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\n${H}X: ${'x'.repeat(20000)}\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\n${H}Cookie: shop_session-id=%ZZ; shop_currency=XXX; =; a\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\n${H}Expect: nonsense\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\n${H}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\n${H}Bad Header\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`);
  cases.push(`GET / HTTP/1.1\r\nHost: <b>\r\nConnection: close\r\n\r\n`);
  cases.push(`POST /cart HTTP/1.1\r\nHost: <b>\r\nOrigin: http://[\r\nConnection: close\r\n\r\n`);
  cases.push(`\x16\x03\x01\x00`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Content-Length: 2000000\r\n\r\n${'x'.repeat(2000000)}`);
  cases.push(`POST /cart HTTP/1.1\r\n${H}${form}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\na=1`);
  cases.push(`GET /static/styles.css HTTP/1.1\r\n${H}Range: bytes=99999999-\r\n\r\n`);
  cases.push(`GET /static/styles.css HTTP/1.1\r\n${H}If-Match: "x"\r\n\r\n`);
  cases.push(`GET /static/styles.css HTTP/1.1\r\n${H}Range: bytes=-1--1,5\r\n\r\n`);
  for (const c of cases) { const a = await raw(shop.url, Buffer.from(c, 'latin1')); process.stderr.write(`${JSON.stringify(c.slice(0, 60))} ${c.includes('json') ? 'json' : ''} => ${short(a)}\n`); }
  process.stderr.write(JSON.stringify(shop.logs.errors(), null, 1));
}, 120000);
