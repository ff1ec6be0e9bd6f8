import { readMailbox } from './mailbox.ts';

describe('a mailbox', () => {
  it.each([
    ['orders@mercato.example', { name: '', address: 'orders@mercato.example' }],
    ['Mercato <orders@mercato.example>', { name: 'Mercato', address: 'orders@mercato.example' }],
    [' <orders@mercato.example> ', { name: '', address: 'orders@mercato.example' }],
  ])('is read from %j', (text, mailbox) => {
    expect(readMailbox(text)).toEqual(mailbox);
  });

  it.each([
    'Mercato',
    'Mercato <orders>',
    'Mercato <a@b.example',
    'a@b.example, c@d.example',
    'M\r\nBcc: x <a@b.example>',
  ])('is not %j', (text) => {
    expect(readMailbox(text)).toBeUndefined();
  });
});
