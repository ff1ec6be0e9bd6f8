import { HttpProblem } from './problem.ts';

/** The fields of a sent form, by name. */
export type Form = ReadonlyMap<string, string>;

/**
 * Reads an application/x-www-form-urlencoded body.
 *
 * @throws {HttpProblem} 400 when a field occurs twice, because the intended value is unknown
 */
export function parseForm(body: string): Form {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) {
      throw new HttpProblem(400, 'Bad request', `The form contains "${name.slice(0, 40)}" more than once.`);
    }
    form.set(name, value);
  }
  return form;
}
