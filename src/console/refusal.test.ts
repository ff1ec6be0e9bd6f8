import { refusalOf } from './refusal.ts';

describe('the request check of the console', () => {
  it('accepts a Host header without the default port of http', () => {
    for (const host of ['127.0.0.1', '127.0.0.1:80', 'localhost', 'localhost:80'])
      expect(refusalOf('GET', { host }, 80)).toBeUndefined();
    expect(refusalOf('GET', { host: '127.0.0.1', origin: 'http://127.0.0.1' }, 80)).toBeUndefined();
    expect(refusalOf('GET', { host: '127.0.0.1' }, 8090)).toContain('http://127.0.0.1:8090/');
    expect(refusalOf('GET', { host: '127.0.0.1:80' }, 8090)).toContain('http://127.0.0.1:8090/');
  });

  it('says how to open the console when a link from another site is refused', () => {
    const linked = { host: '127.0.0.1:8090', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(refusalOf('GET', linked, 8090)).toContain('type http://127.0.0.1:8090/ yourself');
  });
});
