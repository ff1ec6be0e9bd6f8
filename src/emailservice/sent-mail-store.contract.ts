import { CLAIM_MS, type KeyedMail, type SentMailStore } from './sent-mail-store.ts';

/** The contract of every store of sent mails. Call it inside a `describe`. */
export function itRemembersSentMails(subject: () => SentMailStore): void {
  let count = 0;
  const newMail = (): KeyedMail => ({ key: `key-${++count}`, fingerprint: 'hello' });

  describe('a mail', () => {
    it('is claimed by one of many concurrent senders', async () => {
      const mail = newMail();
      const all = await Promise.all(Array.from({ length: 10 }, () => subject().claim(mail, 0)));
      expect(all.filter((claim) => claim === 'claimed')).toHaveLength(1);
      expect(all.filter((claim) => claim === 'claimed-by-other')).toHaveLength(9);
    });

    it('is claimed again when the claim has expired', async () => {
      const mail = newMail();
      expect(await subject().claim(mail, 5)).toBe('claimed');
      expect(await subject().claim(mail, 4 + CLAIM_MS)).toBe('claimed-by-other');
      expect(await subject().claim(mail, 5 + CLAIM_MS)).toBe('claimed');
    });

    it('is sent for good', async () => {
      const mail = newMail();
      await subject().claim(mail, 0);
      await subject().markSent(mail);
      expect(await subject().claim(mail, 100 * CLAIM_MS)).toBe('sent');
    });

    it('is refused when its key stands for another one, and accepted after a release', async () => {
      const mail = newMail();
      const other = { ...mail, fingerprint: 'other' };
      await subject().claim(mail, 0);
      await expect(subject().claim(other, 2 * CLAIM_MS)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
      await subject().release(mail);
      expect(await subject().claim(other, 0)).toBe('claimed');
    });
  });
}
