import fc from 'fast-check';
import { anyText } from '../../lib/testing/any-text.ts';
import { parseForm } from './forms.ts';
import { HttpProblem } from './problem.ts';

describe('the form parser', () => {
  it('decodes forms as browsers encode them', () => {
    expect(parseForm('name=Salt+%26+Pepper&empty=&city=S%C3%A3o%20Paulo')).toEqual(
      new Map([
        ['name', 'Salt & Pepper'],
        ['empty', ''],
        ['city', 'São Paulo'],
      ]),
    );
    expect(parseForm('')).toEqual(new Map());
  });

  it('refuses a form with a duplicate field', () => {
    expect(() => parseForm('quantity=1&quantity=2')).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => parseForm('a=1&%61=1')).toThrow(HttpProblem);
  });

  it.each(['%', '%ff=%ff', 'a=%c0%ae', '=', '&&&', '%00=%00', '__proto__=1'])('accepts malformed input: %s', (body) => {
    expect(parseForm(body)).toBeInstanceOf(Map);
  });

  it('decodes what URLSearchParams encodes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), (fields) => {
        const form = parseForm(new URLSearchParams(fields).toString());
        expect(form).toEqual(new Map(Object.entries(fields)));
      }),
    );
  });

  it('returns a form or throws an HttpProblem, for arbitrary bytes', () => {
    fc.assert(
      fc.property(anyText(), (body) => {
        try {
          expect(parseForm(body)).toBeInstanceOf(Map);
        } catch (error) {
          expect(error).toBeInstanceOf(HttpProblem);
        }
      }),
    );
  });
});
