/** Names of fields with personal data or secrets, in lower case, at any depth of a logged object. */
export const SECRET_FIELDS: ReadonlySet<string> = new Set(
  (
    'creditcard credit_card creditcardnumber credit_card_number creditcardcvv credit_card_cvv email address ' +
    'shippingaddress shipping_address streetaddress street_address city state country zipcode zip_code postalcode postal_code ' +
    'cookie set-cookie authorization password'
  ).split(' '),
);

const REDACTED = '[redacted]';
/** Replaces data that throws when it is read. */
export const UNREADABLE = '[unreadable]';
const MAX_DEPTH = 8;

/**
 * Replaces personal data by `[redacted]`, at any depth that is written. Returns the same object when there is none; data that
 * throws when it is read becomes `[unreadable]`.
 *
 * pino's own redaction works on paths, and takes 35 microseconds per line for this many; this takes less than one.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return { tooDeep: true };
  try {
    return 'toJSON' in value && typeof value.toJSON === 'function'
      ? redactedText(value, value.toJSON(), depth)
      : redactedFields(value, depth);
  } catch {
    return UNREADABLE;
  }
}

// An object with toJSON is checked in its JSON form. A Date becomes a string, which has no fields to redact.
function redactedText(value: object, written: unknown, depth: number): unknown {
  return typeof written === 'object' && written !== null ? redacted(written, depth + 1) : value;
}

function redactedFields(value: object, depth: number): object {
  let copy: { [name: string]: unknown } | undefined;
  for (const [name, field] of Object.entries(value)) {
    const safe = SECRET_FIELDS.has(name.toLowerCase()) ? REDACTED : redacted(field, depth + 1);
    if (safe === field) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as { [name: string]: unknown };
    copy[name] = safe;
  }
  return copy ?? value;
}
