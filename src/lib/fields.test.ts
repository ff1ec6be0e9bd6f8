import fc from 'fast-check';
import { DomainError } from './errors.ts';
import { invalidField, requireAtMost, requireInteger, requirePresent, requireText, textProblem } from './fields.ts';

const limits = { min: 1, max: 5 };

// Any UTF-16 code units: lone surrogates too, which `anyText` does not create.
const anyCodeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
  .map((units) => String.fromCharCode(...units));

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return `${error.kind} ${error.reason}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('textProblem', () => {
  it.each(['a', 'abcde', 'a b', 'é', '日本', '🙂🙂', 'a\u200db'])('returns undefined for %j', (text) => {
    expect(textProblem(text, limits)).toBeUndefined();
  });

  it.each([
    ['', 'must not be empty'],
    ['abcdef', 'must have at most 5 characters'],
    ['a\u0000', 'must not contain control characters or broken text'],
    ['a\n', 'must not contain control characters or broken text'],
    ['a\u007f', 'must not contain control characters or broken text'],
    ['a\u0085', 'must not contain control characters or broken text'],
    ['a\ufffd', 'must not contain control characters or broken text'],
    ['a\ud83d', 'must not contain control characters or broken text'],
    ['\ude00a', 'must not contain control characters or broken text'],
  ])('reports for %j that it %s', (text, problem) => {
    expect(textProblem(text, limits)).toBe(problem);
  });

  it('accepts an empty text when the minimum is 0, and reports a text below the minimum', () => {
    expect(textProblem('', { min: 0, max: 5 })).toBeUndefined();
    expect(textProblem('ab', { min: 3, max: 5 })).toBe('must have at least 3 characters');
  });

  it('accepts only text that is unchanged after encoding and decoding as UTF-8', () => {
    fc.assert(
      fc.property(anyCodeUnits, (text) => {
        if (textProblem(text, { min: 0, max: 16 }) !== undefined) return;
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
      }),
    );
  });
});

describe('invalidField', () => {
  it.each([
    ['user_id', 'USER_ID_INVALID', invalidField('user_id', 'is odd')],
    ['items[2].quantity', 'ITEMS_QUANTITY_INVALID', invalidField('items[2].quantity', 'is odd')],
    [
      'order.items[10].item.product_id',
      'ORDER_ITEMS_ITEM_PRODUCT_ID_INVALID',
      invalidField('order.items[10].item.product_id', 'is odd'),
    ],
  ])('names the field %s and gives it the reason %s', (field, reason, error) => {
    expect(error).toMatchObject({ kind: 'invalid', reason, message: `${field} is odd`, metadata: { field } });
  });

  it('does not compile for a field whose reason is not in the contract', () => {
    // @ts-expect-error SHOE_SIZE_INVALID is not in the enum
    expect(invalidField('shoe_size', 'is odd').reason).toBe('SHOE_SIZE_INVALID');
  });
});

describe('requireText, requireAtMost, requirePresent and requireInteger', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a long text',
      () => requireText('query', 'abcdef', limits),
      'QUERY_INVALID: query must have at most 5 characters',
    ],
    ['2 of at most 1', () => requireAtMost('ids', ['a', 'b'], 1), 'IDS_INVALID: ids must have at most 1 elements'],
    ['absence', () => requirePresent('address', undefined), 'ADDRESS_INVALID: address must be present'],
  ])('refuse %s', (_what, act, refusal) => {
    expect(refusalOf(act)).toBe(`invalid ${refusal}`);
  });

  it.each([0, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'refuse %d as a whole number from 1 to 10',
    (value) => {
      expect(refusalOf(() => requireInteger('page_size', value, { min: 1, max: 10 }))).toBe(
        'invalid PAGE_SIZE_INVALID: page_size must be a whole number from 1 to 10',
      );
    },
  );

  it('returns values that keep to the rules', () => {
    expect([1, 10].map((value) => requireInteger('page_size', value, { min: 1, max: 10 }))).toEqual([1, 10]);
    expect(requireAtMost('ids', ['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(requirePresent('item', 0)).toBe(0);
  });
});
