import { type EmbeddedDatabase, openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { type SendOnce, sendOnce } from './send-once.ts';
import { openLmdbSentMailStore } from './sent-mail-store.lmdb.ts';
import { CLAIM_MS } from './sent-mail-store.ts';

describe('sendOnce', () => {
  const folder = temporaryFolder();
  const mail = { key: 'key', fingerprint: 'hello' };
  let database: EmbeddedDatabase;
  let nowMs = 0;
  let sent = 0;
  let databases = 0;
  const send = async (): Promise<void> => {
    sent += 1;
  };
  /** As in another process: it shares the database and nothing else. */
  const newSender = (): SendOnce => sendOnce({ store: openLmdbSentMailStore(database), now: () => nowMs });

  beforeEach(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: `test-${++databases}` });
    sent = 0;
  });
  afterEach(async () => await database[Symbol.asyncDispose]());
  afterAll(() => folder[Symbol.dispose]());

  it('sends the mail of a key once, also by another process', async () => {
    await newSender()(mail, send);
    await newSender()(mail, send);
    expect(sent).toBe(1);
  });

  it('refuses the mail while another process sends it, and sends it when that process has crashed', async () => {
    const crashed = newSender();
    await new Promise<void>((resolve) => {
      void crashed(mail, async () => {
        resolve();
        await new Promise(() => {});
      });
    });
    await expect(newSender()(mail, send)).rejects.toMatchObject({ reason: 'MAIL_UNAVAILABLE' });
    nowMs += CLAIM_MS;
    await newSender()(mail, send);
    expect(sent).toBe(1);
  });

  it('frees the key of a mail that could not be sent', async () => {
    const refused = async (): Promise<void> => {
      throw new Error('refused');
    };
    await expect(newSender()(mail, refused)).rejects.toThrow('refused');
    await newSender()({ ...mail, fingerprint: 'corrected' }, send);
    expect(sent).toBe(1);
  });

  it('refuses a key that stands for another mail, sent or in progress', async () => {
    const sender = newSender();
    let finish: (() => void) | undefined;
    const first = sender(
      mail,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const other = { ...mail, fingerprint: 'other' };
    await expect(sender(other, send)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    await eventually('the mail is being sent', () => finish !== undefined);
    finish?.();
    await first;
    await expect(sender(other, send)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    expect(sent).toBe(0);
  });
});
