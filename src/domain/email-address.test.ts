import { isEmailAddress, requireEmailAddress } from './email-address.ts';

describe('an email address', () => {
  it.each([
    'someone@example.com',
    'anna.rossi+shop@posta.example.it',
    "o'neil_1@sub-domain.example.co",
    'ann@localhost',
    'anna@città.example',
    `${'a'.repeat(64)}@example.com`,
  ])('may be %s', (address) => {
    expect(isEmailAddress(address)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no @', 'someone'],
    ['two @', 'ann@example.com@example.org'],
    ['no local part', '@example.com'],
    ['no domain', 'ann@'],
    ['a space', 'ann rossi@example.com'],
    ['a space at the end', 'ann@example.com '],
    ['a line break and another header', 'ann@example.com\r\nBcc: eve@example.com'],
    ['a line feed in the local part', 'ann\nBcc:eve@example.com'],
    ['a line feed at the end', 'ann@example.com\n'],
    ['a NUL', 'ann\u0000@example.com'],
    ['an invisible character', 'ann\u200b@example.com'],
    ['a change of direction', 'ann\u202e@example.com'],
    ['a list of two', 'ann,eve@example.com'],
    ['a name in front', 'Ann<ann@example.com>'],
    ['an SMTP parameter', 'ann@example.com>SIZE=1'],
    ['a quoted local part', '"ann"@example.com'],
    ['a group', 'all:ann@example.com;'],
    ['two dots in the domain', 'ann@example..com'],
    ['a dot before the domain', 'ann@.example.com'],
    ['an address literal', 'ann@[127.0.0.1]'],
    ['a local part of 65 characters', `${'a'.repeat(65)}@example.com`],
    ['255 characters', `${'a'.repeat(60)}@${'b'.repeat(190)}.com`],
    ['broken text', 'ann\ud800@example.com'],
  ])('is refused with %s', (_what, address) => {
    expect(isEmailAddress(address)).toBe(false);
  });

  it('may have 254 characters', () => {
    const address = `${'a'.repeat(60)}@${'b'.repeat(189)}.com`;
    expect(address).toHaveLength(254);
    expect(isEmailAddress(address)).toBe(true);
  });

  // A backtracking pattern would exceed the time limit of the test.
  it.each([`a@${'a-'.repeat(125)}!`, `a@${'a.'.repeat(125)}!`])('is checked without backtracking: %s', (text) => {
    expect(isEmailAddress(text)).toBe(false);
  });

  it('is not part of the error when it is refused', () => {
    expect(() => requireEmailAddress('secret person')).toThrow(expect.objectContaining({ reason: 'EMAIL_INVALID' }));
    expect(() => requireEmailAddress('secret person')).not.toThrow(/secret/);
  });
});
