// Source: ISO 4217, list one: the active codes whose minor unit is not two digits.
const EXCEPTIONAL_MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'UYI',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

/** True for three capital letters. The currency service knows which codes exist. */
export function isCurrencyCode(value: string): boolean {
  return /^[A-Z]{3}$/.test(value);
}

/** Every code that this version of Node knows. The set bounds the cardinality of metric labels. */
export function knownCurrencyCodes(): readonly string[] {
  return Intl.supportedValuesOf('currency');
}

/** The number of decimal digits of a currency's minor unit: 2 for EUR, 0 for JPY. Source: ISO 4217. */
export function minorUnitDigits(currencyCode: string): number {
  return EXCEPTIONAL_MINOR_UNITS.get(currencyCode) ?? 2;
}
