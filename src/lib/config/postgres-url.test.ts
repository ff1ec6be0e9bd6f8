import { parsePostgresUrl } from './postgres-url.ts';

describe('the URL of a PostgreSQL database', () => {
  it('is read with its name of a service, escaped characters and default port', () => {
    expect(parsePostgresUrl('postgres://{service}:p%40ss%2F{service}@db.example/shop_{service}', 'payment')).toEqual({
      host: 'db.example',
      port: 5432,
      user: 'payment',
      password: 'p@ss/payment',
      database: 'shop_payment',
      tls: undefined,
    });
    expect(parsePostgresUrl('postgresql://ann@[::1]:5433/shop', 'payment')).toMatchObject({
      host: '::1',
      port: 5433,
      password: '',
    });
  });

  it.each([
    ['', undefined],
    ['?sslmode=disable', undefined],
    ['?sslmode=require', { verified: false }],
    ['?sslmode=verify-full', { verified: true, rootCertificate: undefined }],
    ['?sslmode=verify-full&sslrootcert=/ca.pem', { verified: true, rootCertificate: '/ca.pem' }],
    ['?sslmode=verify-full&sslcert=/c.pem&sslkey=/k.pem', { certificate: '/c.pem', key: '/k.pem' }],
  ])('with %j says how TLS is used', (parameters, tls) => {
    const { tls: read } = parsePostgresUrl(`postgres://ann@db/shop${parameters}`, 'payment') ?? {};
    if (tls === undefined) expect(read).toBeUndefined();
    else expect(read).toMatchObject(tls);
  });

  it.each([
    'db/shop',
    'mysql://ann@db/shop',
    'postgres://db/shop',
    'postgres://ann@db',
    'postgres://ann@db/',
    'postgres://ann@db/shop/more',
    'postgres://ann@/shop',
    'postgres://ann@db1,db2/shop',
    'postgres://ann:%zz@db/shop',
    'postgres://ann@db:port/shop',
    'postgres://ann@db/shop#part',
    'postgres://ann@db/shop?sslmode=prefer',
    'postgres://ann@db/shop?pool=9',
  ])('is refused: %s', (url) => {
    expect(parsePostgresUrl(url, 'payment')).toBeUndefined();
  });
});
