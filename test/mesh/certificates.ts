import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate and its key, as files. */
export type Identity = { readonly certificate: string; readonly key: string };

/** A certificate authority for a test. Disposing it deletes its files. */
export type Authority = AsyncDisposable & {
  /** File with the certificate of the authority. */
  readonly root: string;
  /** Issues a certificate for a SPIFFE id, such as `spiffe://cluster.local/ns/mercato/sa/frontend`. */
  readonly issue: (name: string) => Promise<Identity>;
};

const DAYS = ['-days', '1'];
const NEW_KEY = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...DAYS];

/**
 * Creates a certificate authority.
 *
 * @throws {Error} when openssl is not installed
 */
export async function makeAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-certificates-'));
  const openssl = async (args: readonly string[]): Promise<void> => {
    await promisify(execFile)('openssl', [...args], { cwd: folder });
  };
  const [root, rootKey] = [join(folder, 'root.pem'), join(folder, 'root.key')];
  await openssl([...NEW_KEY, '-subj', '/O=test', '-keyout', rootKey, '-out', root]);
  let issued = 0;
  return {
    root,
    issue: async (name) => {
      const base = join(folder, String(++issued));
      const identity = { certificate: `${base}.pem`, key: `${base}.key` };
      const signed = ['-CA', root, '-CAkey', rootKey, '-subj', '/', '-addext', 'basicConstraints=critical,CA:false'];
      const named = ['-addext', `subjectAltName=critical,URI:${name}`];
      await openssl([...NEW_KEY, ...signed, ...named, '-keyout', identity.key, '-out', identity.certificate]);
      return identity;
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }),
  };
}
