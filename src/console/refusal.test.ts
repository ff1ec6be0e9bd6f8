import { refusalOf } from './refusal.ts';

describe('the refusal of a request', () => {
  it('knows that clients leave out the port of http', () => {
    for (const host of ['127.0.0.1', '127.0.0.1:80', 'localhost', 'localhost:80'])
      expect(refusalOf('GET', { host }, 80)).toBeUndefined();
    expect(refusalOf('GET', { host: '127.0.0.1', origin: 'http://127.0.0.1' }, 80)).toBeUndefined();
    expect(refusalOf('GET', { host: '127.0.0.1' }, 8090)).toContain('http://127.0.0.1:8090/');
    expect(refusalOf('GET', { host: '127.0.0.1:80' }, 8090)).toContain('http://127.0.0.1:8090/');
  });

  it('tells whoever comes by a link how to come in', () => {
    const linked = { host: '127.0.0.1:8090', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(refusalOf('GET', linked, 8090)).toContain('type http://127.0.0.1:8090/ yourself');
  });
});
