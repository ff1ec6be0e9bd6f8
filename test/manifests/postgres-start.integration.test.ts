import { preparePostgres, type StartedPostgres } from './started-postgres.ts';

const orders = { user: 'checkoutservice', password: 'for-orders' };
const charges = { user: 'paymentservice', password: 'for-charges' };

/** Everything about the roles and databases that the script decides, except the salted passwords. */
async function catalogue(server: StartedPostgres): Promise<unknown> {
  const roles = await server.query(
    orders,
    `SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles
     WHERE rolname !~ '^pg_' ORDER BY rolname`,
  );
  const databases = await server.query(
    orders,
    'SELECT datname, datdba::regrole::text AS owner, datacl::text AS rights FROM pg_database ORDER BY datname',
  );
  return { roles, databases };
}

describe('the start script of PostgreSQL', () => {
  let server: StartedPostgres;
  beforeAll(async () => {
    server = await preparePostgres();
    for (const { user, password } of [orders, charges]) server.setPassword(user, password);
    await server.start();
  });
  afterAll(async () => await server[Symbol.asyncDispose]());

  it('gives each service a role that owns one database', async () => {
    for (const login of [orders, charges]) {
      await server.query(login, 'CREATE TABLE kept (number bigint PRIMARY KEY)');
      await server.query(login, 'INSERT INTO kept VALUES (1)');
    }
    expect(await catalogue(server)).toMatchObject({
      databases: [
        { datname: 'checkoutservice', owner: 'checkoutservice' },
        { datname: 'paymentservice', owner: 'paymentservice' },
        { datname: 'postgres', owner: 'postgres' },
        { datname: 'template0' },
        { datname: 'template1' },
      ],
    });
  });

  it.each(['paymentservice', 'postgres', 'template1'])(
    'lets no service connect to %s, except its owner',
    async (database) => {
      const attempt = server.query({ ...orders, database }, 'SELECT 1');
      await expect(attempt).rejects.toThrow(`permission denied for database "${database}"`);
    },
  );

  it('refuses a wrong password, and the superuser over the network', async () => {
    const wrong = server.query({ ...orders, password: charges.password }, 'SELECT 1');
    await expect(wrong).rejects.toThrow('password authentication failed');
    await expect(server.query({ user: 'postgres' }, 'SELECT 1')).rejects.toThrow('pg_hba.conf rejects connection');
  });

  it('writes each commit to the disk before it acknowledges it', async () => {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(await server.query(orders, `SHOW ${setting}`)).toEqual([{ [setting]: 'on' }]);
    }
  });

  it('changes nothing when it runs again after the server was killed', async () => {
    const before = await catalogue(server);
    await server.end('SIGKILL');
    await server.start();
    expect(await catalogue(server)).toEqual(before);
    expect(await server.query(charges, 'SELECT number FROM kept')).toEqual([{ number: '1' }]);
  });

  it('applies another password, and adds the database of another service', async () => {
    await server.end('SIGINT');
    server.setPassword(orders.user, 'another');
    server.setPassword('shippingservice', 'for-shipments');
    await server.start();
    await expect(server.query(orders, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const changed = { ...orders, password: 'another' };
    expect(await server.query(changed, 'SELECT number FROM kept')).toEqual([{ number: '1' }]);
    const shipments = { user: 'shippingservice', password: 'for-shipments' };
    expect(await server.query(shipments, 'SELECT current_database() AS name')).toEqual([{ name: 'shippingservice' }]);
  });

  it('reports a password that is missing, and starts no server', async () => {
    await server.end('SIGINT');
    server.setPassword('emailservice', '');
    await expect(server.start()).rejects.toThrow('emailservice/ has no password');
  });
});
